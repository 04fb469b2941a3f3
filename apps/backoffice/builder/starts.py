"""The ways to begin a flow beside an empty one. Each is a page of its own, for those who may open it."""

from dataclasses import dataclass

from django.urls import reverse

from apps.organizations.staff import Access, Area


@dataclass(frozen=True, slots=True)
class Start:
    """A beginning: the admin's name of its page, the part of it, whose it is, and what to say about it."""

    name: str
    part: str
    area: Area
    icon: str
    title: str
    text: str

    @property
    def url(self) -> str:
        """Where it begins."""
        return f"{reverse(f'admin:{self.name}')}{self.part}"


STARTS = (
    Start(
        "start",
        "#template",
        Area.BUSINESS,
        "auto_awesome",
        "From a template",
        "Services, questions and texts for a trade such as yours, to change as you like.",
    ),
    Start(
        "flow_import",
        "",
        Area.CATALOGUE,
        "upload_file",
        "From a file",
        "A flow that was exported here or at another business.",
    ),
)


def other_starts(access: Access) -> list[Start]:
    """Those that this person can use."""
    return [start for start in STARTS if access.may(start.area)]
