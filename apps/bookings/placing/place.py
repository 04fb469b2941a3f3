"""Finding a way for visits and taking it: all of them or none (docs/locking.md).

Callers are commands, which have opened the transaction and say by `write` what becomes of a visit that has
found its place: a hold, or a booking's own time.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from django.db import transaction

from apps.availability import occupancy
from apps.availability.errors import SlotFull, SlotNotBookable
from apps.availability.models import Location, Resource
from apps.bookings.ending import end_lapsed_holds
from apps.content.models import BookingService
from apps.core.clock import app_now, foresee_now
from apps.core.errors import DomainError

# How often a team is chosen without a lock before everybody who comes into question is locked.
GUESSES = 2

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Locked = Mapping[UUID, Resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One stretch of a line (counted from 0) on one resource."""

    line: int
    resource_id: UUID
    claim: occupancy.Claim
    slot_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a visit can happen: its parts, in the order of the lines and of time."""

    parts: Sequence[Part]

    @property
    def resource_ids(self) -> set[UUID]:
        """Whose time it takes."""
        return {part.resource_id for part in self.parts}

    @property
    def starts_at(self) -> datetime:
        """When the customer comes; UTC."""
        return min(part.claim.visit.start for part in self.parts)

    @property
    def ends_at(self) -> datetime:
        """When all of it is over; UTC."""
        return max(part.claim.visit.end for part in self.parts)

    def resource_of(self, line: int) -> UUID:
        """Who does a line; one that is split over days stays with one person."""
        return next(part.resource_id for part in self.parts if part.line == line)

    def minutes_of(self, line: int) -> int:
        """How long a line takes, in minutes."""
        lengths = (part.claim.visit.end - part.claim.visit.start for part in self.parts if part.line == line)
        return sum(lengths, timedelta(0)) // timedelta(minutes=1)


class Visit(ABC):
    """A visit that somebody wants: its services, and the ways in which it can happen.

    None stands for a visit without a service, as long as its slot.
    """

    services: Sequence[BookingService | None]
    party: int
    # Whether there is but one crowd to ask.
    only_crowd = False

    @property
    @abstractmethod
    def location(self) -> Location:
        """Where."""

    @abstractmethod
    def ways(self, locked: Locked | None = None) -> list[Way]:
        """The ways that seem open, the best first; with locked resources, those that these have for sure.

        Raises SlotFull or SlotNotBookable where there is none.
        """

    def foresee(self, crowd: Collection[UUID]) -> None:  # noqa: B027  (it need not)
        """Ask with the locks of this crowd what `ways` will want to know of it."""

    @abstractmethod
    def crowds(self) -> Iterator[set[UUID]]:
        """Whom to lock, one set after the other, until the visit has found its place among them."""

    @abstractmethod
    def everybody(self) -> set[UUID]:
        """All who come into question; asked only after `ways`."""


class Write(Protocol[T_co]):
    """Takes a way on locked resources and writes down what that makes of the visit."""

    def __call__(self, visit: Visit, way: Way, locked: Locked, /, *, now: datetime) -> T_co:
        """The result. Raises SlotFull where the time is taken after all."""


class _Refused(Exception):
    """Which visit has found no place, and why."""

    def __init__(self, index: int, error: DomainError) -> None:
        super().__init__(index, error)
        self.index = index
        self.error = error


def place(
    organization_id: UUID, visits: Sequence[Visit], write: Write[T], *, refusal_is_final: bool = False
) -> list[T]:
    """Give every visit its place, or none of them; returns what `write` made, in the order of the visits.

    Who could do it is chosen without a lock, then all of them are locked at once, in the order of their ids,
    and asked again. Whoever has lost somebody meanwhile lets all locks go (with the savepoint) and chooses
    anew, the last time among everybody who comes into question: that answer is exact. Where a refusal is
    final it ends the transaction, so what has no second choice needs no savepoint. Raises SlotFull,
    SlotNotBookable; of several visits with `visit` in their data.
    """
    try:
        if refusal_is_final and len(visits) == 1 and visits[0].only_crowd:
            (crowd,) = _crowds(visits)
            return _place_under_locks(organization_id, crowd, visits, range(1), write)
        return _try_crowds(organization_id, visits, write)
    except _Refused as refused:
        if len(visits) > 1:
            refused.error.data["visit"] = refused.index
        raise refused.error from refused.error.__cause__


def _try_crowds(organization_id: UUID, visits: Sequence[Visit], write: Write[T]) -> list[T]:
    refusal = _Refused(0, SlotFull())
    for crowd in _crowds(visits):
        try:
            return _place_among(organization_id, crowd, visits, range(len(visits)), write)
        except _Refused as refused:
            refusal = refused
    if len(visits) == 1:
        raise refusal
    return _exactly(organization_id, visits, write)


def _crowds(visits: Sequence[Visit]) -> Iterator[set[UUID]]:
    """The sets to lock; of several visits only the guesses."""
    if len(visits) == 1:
        yield from _asked(0, visits[0].crowds())
        return
    for _ in range(GUESSES):
        yield set().union(*(next(_asked(index, visit.crowds())) for index, visit in enumerate(visits)))


def _asked(index: int, crowds: Iterator[set[UUID]]) -> Iterator[set[UUID]]:
    """These crowds; a refusal among them is this visit's."""
    try:
        yield from crowds
    except (SlotFull, SlotNotBookable) as error:
        raise _Refused(index, error) from error


def _exactly(organization_id: UUID, visits: Sequence[Visit], write: Write[T]) -> list[T]:
    """Place several visits among everybody, the choosiest first.

    A visit that finds no place because another of the same request was put there gets the first choice.
    """
    candidates = [visit.everybody() for visit in visits]
    order = sorted(range(len(visits)), key=lambda index: len(candidates[index]))
    crowd, moves = set().union(*candidates), len(visits)
    while True:
        try:
            return _place_among(organization_id, crowd, visits, order, write)
        except _Refused as refused:
            moves -= 1
            if refused.index == order[0] or not moves:
                raise
            order = [refused.index, *(index for index in order if index != refused.index)]


def _place_among(
    organization_id: UUID,
    crowd: Collection[UUID],
    visits: Sequence[Visit],
    order: Iterable[int],
    write: Write[T],
) -> list[T]:
    """Lock these resources and place all visits on them; the locks go again with a refusal."""
    with transaction.atomic():
        return _place_under_locks(organization_id, crowd, visits, order, write)


def _place_under_locks(
    organization_id: UUID,
    crowd: Collection[UUID],
    visits: Sequence[Visit],
    order: Iterable[int],
    write: Write[T],
) -> list[T]:
    occupancy.foresee_locks(organization_id, crowd)
    foresee_now()
    occupancy.foresee_lapsed_holds(organization_id, crowd)
    for visit in visits:
        visit.foresee(crowd)
    locked = occupancy.lock_resources(organization_id, crowd)
    now = app_now()
    end_lapsed_holds(locked.values(), now=now)
    written = {index: _place_one(index, visits[index], locked, write, now=now) for index in order}
    return [written[index] for index in range(len(visits))]


def _place_one(index: int, visit: Visit, locked: Locked, write: Write[T], *, now: datetime) -> T:
    """Take the first of the visit's ways that is really open."""
    try:
        *others, last = visit.ways(locked)
        for way in others:
            try:
                with transaction.atomic():
                    return write(visit, way, locked, now=now)
            except SlotFull:
                continue
        return write(visit, last, locked, now=now)
    except (SlotFull, SlotNotBookable) as error:
        raise _Refused(index, error) from error
