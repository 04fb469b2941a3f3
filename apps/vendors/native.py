"""Our own calendar as a strategy."""

from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from apps.availability.hours.rules import days_between
from apps.availability.models import SellsFrom
from apps.availability.offering.openings import Opening, Terms, moment_of
from apps.availability.offering.reading import first_of, search_of
from apps.availability.offering.search import Found, Search, part_of
from apps.availability.types import VisitNeed
from apps.vendors.types import Day, Level, Month, Person, Question, Timeslot, Timeslots

# Up to this many starts, a day is worth a hint that it fills up.
FEW = 5


class NativeStrategy:
    """Answers from the rules, the slots and the events of this database."""

    def month_availability(self, question: Question, *, first: date, last: date) -> Month:
        """How much each day has left; the next free date is looked for up to the booking horizon."""
        _, found = _run(question, first, last, listing=False)
        counts = found.count_by_day()
        days = tuple(_day(day, counts.get(day, 0)) for day in _days(first, last))
        if counts:
            return Month(days, min(counts), found.valid_until)
        today = question.stamp.now.astimezone(ZoneInfo(question.location.timezone)).date()
        horizon = today + timedelta(days=question.policy.horizon_days)
        _, later = _run(question, max(last + timedelta(days=1), today), horizon, listing=False)
        next_date = min(later.count_by_day(), default=None)
        return Month(days, next_date, first_of(found.valid_until, later.valid_until))

    def date_timeslots(self, question: Question, *, day: date) -> Timeslots:
        """The starts of one day, in order, each with everybody who is free."""
        search, found = _run(question, day, day, listing=True)
        by_start: dict[int, list[tuple[Terms, Opening]]] = defaultdict(list)
        for key, terms in search.terms.items():  # by name
            for opening in found.openings(key):
                by_start[opening.start].append((terms, opening))
        names_people = question.location.sells_from == SellsFrom.PEOPLE
        starts = tuple(
            Timeslot(
                start_at=moment_of(start),
                end_at=moment_of(by_start[start][0][1].end),
                day_part=part_of(start, search.zone),
                seats=sum(opening.seats for _, opening in by_start[start]),
                resources=_people(by_start[start]) if names_people else (),
            )
            for start in sorted(by_start)
        )
        return Timeslots(starts, found.valid_until)


def _run(question: Question, first: date, last: date, *, listing: bool) -> tuple[Search, Found]:
    search = search_of(
        location=question.location,
        policy=question.policy,
        need=VisitNeed.of(question.service, party=question.party),
        first=first,
        last=last,
        resource_id=question.resource_id,
        listing=listing,
        stamp=question.stamp,
    )
    return search, search.run(now=question.stamp.now, versions=question.stamp.state.versions)


def _people(free: list[tuple[Terms, Opening]]) -> tuple[Person, ...]:
    return tuple(Person(terms.resource_id, terms.name) for terms, _ in free)


@lru_cache(maxsize=256)
def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(days_between(first, last))


@lru_cache(maxsize=8192)
def _day(day: date, available: int) -> Day:
    return Day(day, available, level_of(available))


def level_of(available: int) -> Level:
    """How a day's count is said in a word."""
    if available == 0:
        return Level.NONE
    return Level.FEW if available <= FEW else Level.MANY
