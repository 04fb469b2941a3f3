"""Answers that are kept until something they rest on has changed (docs/exposure.md, “Kept answers”).

Before an answer is sent, its stamp is looked at (stamps.py): the version of the organization's settings, the
versions of the location's resources, and the database's time. Time itself changes answers, too (a hold
lapses, a start comes too near): each answer says until when it holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from apps.availability.models import Location
from apps.availability.offering.openings import micros
from apps.availability.offering.search import Search
from apps.availability.offering.stamps import Stamp
from apps.availability.types import VisitNeed
from apps.core.shelf import Shelf
from apps.organizations.models import OrganizationPolicy


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of an answer, and until when they hold if nothing changes; None means: don't keep it."""

    body: bytes
    valid_until: datetime | None
    headers: Mapping[str, str]


class Reading(Protocol):
    """A question that can be answered again, without asking anew who asks and what the settings are."""

    @property
    def organization_id(self) -> UUID:
        """Whose settings it rests on."""
        ...

    @property
    def location_id(self) -> UUID:
        """Whose bookings it rests on."""
        ...

    def answer(self, stamp: Stamp) -> Answer:
        """The answer as of a stamp whose settings are those that the question was made with."""
        ...


# A day of one person takes some kilobytes while it is remembered.
MAX_SEARCHES = 512
MAX_DAYS_OF_PEOPLE = 40_000
SEARCHES: Shelf[tuple[object, ...], Search] = Shelf(MAX_SEARCHES, weight=MAX_DAYS_OF_PEOPLE)


def search_of(
    *,
    location: Location,
    policy: OrganizationPolicy,
    need: VisitNeed,
    first: date,
    last: date,
    stamp: Stamp,
    resource_id: UUID | None = None,
    listing: bool,
) -> Search:
    """The search that all who ask the same share, as long as the settings stay as they were at the stamp."""
    key = (location.id, need, first, last, resource_id, listing, stamp.state.settings)
    kept = SEARCHES.get(key)
    if kept is not None and micros(kept.ends_at) > stamp.at:
        return kept
    search = Search(
        location=location,
        policy=policy,
        need=need,
        first=first,
        last=last,
        now=stamp.now,
        resource_id=resource_id,
        listing=listing,
    )
    return SEARCHES.put(key, search, weight=search.weight)


def first_of(*moments: datetime | None) -> datetime | None:
    """The earliest of these ends; None, which says “don't keep”, wins."""
    known = [moment for moment in moments if moment is not None]
    return min(known) if len(known) == len(moments) else None
