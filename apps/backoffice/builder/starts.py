"""The ways to begin a flow beside an empty one. Each is a page of its own; those that exist are offered."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Start:
    """A beginning: the admin's name of its page, and what to say about it."""

    name: str
    icon: str
    title: str
    text: str

    @property
    def url(self) -> str:
        """Its page; empty where there is none."""
        try:
            return reverse(f"admin:{self.name}")
        except NoReverseMatch:
            return ""


STARTS = (
    Start(
        "flow_templates",
        "auto_awesome",
        "From a template",
        "Questions, services and texts for a trade such as yours, to change as you like.",
    ),
    Start(
        "flow_import",
        "upload_file",
        "From a file",
        "A flow that was exported here or at another business.",
    ),
)


def other_starts() -> list[Start]:
    """Those that can be used."""
    return [start for start in STARTS if start.url]
