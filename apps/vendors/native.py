"""Our own calendar as a strategy."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.availability.models import SellsFrom
from apps.availability.queries import count_by_day
from apps.availability.rules import days_between
from apps.availability.search import find_offers
from apps.availability.types import Offer, VisitNeed
from apps.core.clock import app_now
from apps.vendors.types import Day, DayPart, Level, Month, Person, Question, Timeslot

# Up to this many starts, a day is worth a hint that it fills up.
FEW = 5
DAY_PARTS = [(6, 12, DayPart.MORNING), (12, 17, DayPart.AFTERNOON), (17, 22, DayPart.EVENING)]


class NativeStrategy:
    """Answers from the rules, the slots and the events of this database."""

    def month_availability(self, question: Question, *, first: date, last: date) -> Month:
        """How much each day has left; the next free date is looked for up to the booking horizon."""
        now = app_now()
        today = now.astimezone(ZoneInfo(question.location.timezone)).date()
        horizon = today + timedelta(days=question.organization.policy.horizon_days)
        offers = _offers(question, first=max(first, today), last=last, now=now)
        counts = {count.date: count.available for count in count_by_day(offers)}
        days = tuple(
            Day(day, counts.get(day, 0), level_of(counts.get(day, 0))) for day in days_between(first, last)
        )
        if counts:
            return Month(days, min(counts))
        later = _offers(question, first=max(last + timedelta(days=1), today), last=horizon, now=now)
        return Month(days, later[0].date if later else None)

    def date_timeslots(self, question: Question, *, day: date) -> tuple[Timeslot, ...]:
        """The starts of one day, in order."""
        by_start: dict[datetime, list[Offer]] = defaultdict(list)
        for offer in _offers(question, first=day, last=day, now=app_now()):
            by_start[offer.start_at].append(offer)
        zone = ZoneInfo(question.location.timezone)
        names_people = question.location.sells_from == SellsFrom.PEOPLE
        return tuple(
            Timeslot(
                start_at=start_at,
                end_at=offers[0].end_at,
                day_part=day_part_of(start_at.astimezone(zone)),
                seats=sum(offer.seats for offer in offers),
                resources=tuple(Person(o.resource_id, o.resource_name) for o in offers)
                if names_people
                else (),
            )
            for start_at, offers in sorted(by_start.items())
        )


def _offers(question: Question, *, first: date, last: date, now: datetime) -> list[Offer]:
    if last < first:
        return []
    return find_offers(
        location=question.location,
        policy=question.organization.policy,
        need=VisitNeed.of(question.service),
        first=first,
        last=last,
        now=now,
        resource_id=question.resource_id,
    )


def level_of(available: int) -> Level:
    """How a day's count is said in a word."""
    if available == 0:
        return Level.NONE
    return Level.FEW if available <= FEW else Level.MANY


def day_part_of(local: datetime) -> DayPart:
    """The part of the location's day in which a start lies."""
    for begins, ends, part in DAY_PARTS:
        if begins <= local.hour < ends:
            return part
    return DayPart.OTHER
