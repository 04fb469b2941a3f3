"""Whether a brand kit's colours can be read, what to take instead, and how they look in the dark. Pure.

apps/widget/client/src/theme/shades.ts says the same in TypeScript, for the preview; both are held to the
vectors in fixtures/contrast. The formulas of contrast are WCAG 2's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor

Rgb = tuple[int, int, int]
Hsl = tuple[float, float, float]
Colors = Mapping[str, str]

# WCAG 2.1 AA: text, and parts that one has to make out.
TEXT = 4.5
PART = 3.0
# What has to stand out from the kit's surface, and by how much (docs/adr, “Brand kits that can be read”).
LEAST = {
    "primary": PART,
    "secondary": PART,
    "accent": PART,
    "text": TEXT,
    "muted": TEXT,
    "danger": TEXT,
    "success": TEXT,
}
# Lightness and the most saturation that a dark surface and the words on it keep of the kit's text colour.
DARK_SURFACE = (0.3, 0.1)
DARK_TEXT = (0.2, 0.95)
DARK_MUTED = (0.15, 0.72)
STEPS = 1000
# Below it, sRGB is a straight line.
LINEAR_UP_TO = 0.04045


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A colour that does not stand out enough, and the nearest of its hue that does."""

    name: str
    ratio: float
    least: float
    suggestion: str


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white); both as #rrggbb."""
    a, b = _luminance(_rgb(one)), _luminance(_rgb(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


def ink_on(color: str) -> str:
    """Black or white, whichever reads better on the colour; one of them always has more than 4.5."""
    white, black = contrast(color, "#ffffff"), contrast(color, "#000000")
    return "#ffffff" if white >= black else "#000000"


def nearest_readable(color: str, ground: str, least: float) -> str:
    """The colour, made lighter or darker by as little as it takes; hue and saturation stay."""
    if contrast(color, ground) >= least:
        return color.lower()
    hue, saturation, lightness = _hsl(_rgb(color))
    for step in range(1, STEPS + 1):
        for change in (-step / STEPS, step / STEPS):
            if not 0 <= lightness + change <= 1:
                continue
            candidate = _hex(hue, saturation, lightness + change)
            if contrast(candidate, ground) >= least:
                return candidate
    return ink_on(ground)


def unreadable(colors: Colors) -> list[Unreadable]:
    """What of a kit cannot be made out on its surface, in the order of the form."""
    ground = colors["surface"]
    found = []
    for name, least in LEAST.items():
        ratio = contrast(colors[name], ground)
        if ratio < least:
            found.append(Unreadable(name, ratio, least, nearest_readable(colors[name], ground, least)))
    return found


def is_dark(color: str) -> bool:
    """Whether white reads better on it than black."""
    return ink_on(color) == "#ffffff"


def dark_shades(colors: Colors) -> dict[str, str]:
    """The kit as it looks in the dark; a kit whose surface is dark already stays as it is.

    Surface and words take the hue of the kit's text, the other colours become lighter until they stand out as
    much as a kit has to.
    """
    if is_dark(colors["surface"]):
        return dict(colors)
    hue, saturation, _ = _hsl(_rgb(colors["text"]))
    surface = _shade(hue, saturation, DARK_SURFACE)
    words = {
        "text": _shade(hue, saturation, DARK_TEXT),
        "muted": _shade(hue, saturation, DARK_MUTED),
    }
    others = {
        name: nearest_readable(colors[name], surface, LEAST[name]) for name in LEAST if name not in words
    }
    shades = {**others, **words, "surface": surface}
    return {name: shades[name] for name in colors}


def ratio_in_words(ratio: float) -> str:
    """Rounded down, so that what is refused never looks like enough: 4.49 → “4.4”."""
    return f"{floor(ratio * 10) / 10:.1f}"


def _shade(hue: float, saturation: float, look: tuple[float, float]) -> str:
    most, lightness = look
    return _hex(hue, min(saturation, most), lightness)


def _rgb(color: str) -> Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (_linear(value / 255) for value in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= LINEAR_UP_TO else float(((channel + 0.055) / 1.055) ** 2.4)


def _hsl(rgb: Rgb) -> Hsl:
    """Hue in sixths of the circle, saturation and lightness from 0 to 1."""
    red, green, blue = (value / 255 for value in rgb)
    most, least = max(red, green, blue), min(red, green, blue)
    lightness, spread = (most + least) / 2, most - least
    if spread == 0:
        return 0.0, 0.0, lightness
    saturation = spread / (1 - abs(2 * lightness - 1))
    if most == red:
        hue = ((green - blue) / spread + 6) % 6
    elif most == green:
        hue = (blue - red) / spread + 2
    else:
        hue = (red - green) / spread + 4
    return hue, saturation, lightness


def _hex(hue: float, saturation: float, lightness: float) -> str:
    chroma = (1 - abs(2 * lightness - 1)) * saturation
    between = chroma * (1 - abs(hue % 2 - 1))
    base = lightness - chroma / 2
    sixth = min(int(hue), 5)
    red, green, blue = (
        (chroma, between, 0.0),
        (between, chroma, 0.0),
        (0.0, chroma, between),
        (0.0, between, chroma),
        (between, 0.0, chroma),
        (chroma, 0.0, between),
    )[sixth]
    parts = (floor((part + base) * 255 + 0.5) for part in (red, green, blue))
    return "#" + "".join(f"{min(255, max(0, part)):02x}" for part in parts)
