"""What the salon's own pages say in Danish of what it sells, of who sells it, and of when."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class InDanish:
    """A service's texts."""

    title: str
    description: str
    note: str = ""


SERVICES: Mapping[str, InDanish] = {
    "wash": InDanish(
        title="Vask og hovedmassage",
        description="Varmt vand, mild shampoo og ti minutter, der kun er dine.",
        note="Hos en elev",
    ),
    "cut-short": InDanish(
        title="Klip, kort hår", description="Til ørerne eller kortere, saks eller maskine."
    ),
    "cut-long": InDanish(title="Klip, langt hår", description="Under ørerne, med føn."),
    "colour-roots": InDanish(
        title="Farve, udgroning",
        description="Op til tre centimeters udgroning i din egen farve.",
        note="Uden ammoniak",
    ),
    "colour-full": InDanish(
        title="Farve, hele håret",
        description="Én tone fra rod til spids, med glans.",
        note="Uden ammoniak",
    ),
    "balayage": InDanish(title="Balayage", description="Malet i hånden, og blød, når den gror ud."),
    "brows-shape": InDanish(
        title="Bryn, formet",
        description="Voks og trim, så de klæder dit ansigt.",
        note="Hos en elev",
    ),
    "brows-tint": InDanish(
        title="Bryn, formet og farvet",
        description="En tone mørkere i omkring fire uger.",
        note="Hos en elev",
    ),
}
HEADINGS = {"Cut & wash": "Klip og vask", "Colour": "Farve", "Brows": "Bryn"}
TRADES = {"cut": "klip", "colour": "farve", "wash": "vask", "brows": "bryn"}
