"""Why is this time missing? What is said, and that it is the truth."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.explaining.facts import explain_slot
from apps.availability.explaining.types import Code, Explanation, Reason, Verdict
from apps.availability.explaining.words import Clock
from apps.availability.lanes import Period
from apps.availability.models import (
    AvailabilityRule,
    EventType,
    Location,
    Resource,
    ResourceKind,
    RuleKind,
    SellsFrom,
    SlotInstance,
)
from apps.availability.offering.exposure import (
    ALL,
    Candidate,
    Draw,
    day_part_of,
    draw_of,
    expose,
    hour_of,
    name_of_start,
)
from apps.availability.offering.search import find_offers
from apps.availability.types import VisitNeed
from apps.content.models import BookingService
from apps.core.clock import app_now
from apps.core.errors import NotFound
from apps.core.ids import new_id
from tests.availability.support import at, day_off, denver, minutes, take
from tests.factories.availability import LocationFactory, PersonFactory, PoolFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory
from tests.widget_client import WidgetClient

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, FRIDAY = date(2030, 1, 14), date(2030, 1, 15), date(2030, 1, 18)


@pytest.fixture
def ben() -> Resource:
    """Works from nine to five on weekdays, in Denver; it is Monday, eight o'clock."""
    ben = PersonFactory(name="Ben", location__name="Denver")
    WeeklyRuleFactory(location=ben.location, resource=ben)
    generate_slots(organization=ben.organization, first=MONDAY, last=FRIDAY)
    return ben


def service(where: Resource, length: int = 60, *skills: str, **fields: Any) -> BookingService:
    return ServiceFactory(
        organization=where.organization,
        title="Tune-up",
        duration_minutes=length,
        required_skills=list(skills),
        **fields,
    )


def explained(
    where: Resource, when: datetime, offering: BookingService | None = None, **parts: Any
) -> Explanation:
    return explain_slot(
        organization=where.organization,
        location_id=where.location_id,
        service_id=offering.id if offering else None,
        at=when,
        **parts,
    )


def reason(explanation: Explanation, code: Code) -> Reason:
    """The one reason with this code."""
    (found,) = [
        one
        for one in [*explanation.reasons, *(r for who in explanation.resources for r in who.reasons)]
        if one.code == code
    ]
    return found


def said(explanation: Explanation, code: Code) -> tuple[Verdict, str]:
    found = reason(explanation, code)
    return found.verdict, found.sentence


def blocking(explanation: Explanation) -> list[Code]:
    """The codes of whatever is in the way."""
    return [
        one.code
        for one in [*explanation.reasons, *(r for who in explanation.resources for r in who.reasons)]
        if one.verdict == Verdict.BLOCKS
    ]


class TestOffered:
    def test_says_so_and_with_whom(self, ben: Resource) -> None:
        found = explained(ben, datetime(2030, 1, 14, 10), service(ben))  # noqa: DTZ001  (the wall's time)

        assert found.offered
        assert found.start_at == denver(14, 10)
        assert found.headline == (
            "10:00 on Monday 14 January 2030 (America/Denver) at Denver for Tune-up is offered, with Ben."
        )
        assert said(found, Code.OFFERED) == (Verdict.OK, "Free: 10:00–11:00 with Ben.")
        assert blocking(found) == []

    def test_the_same_instant_is_the_same_answer(self, ben: Resource) -> None:
        wall, instant = datetime(2030, 1, 14, 10), denver(14, 10)  # noqa: DTZ001  (the wall's time)

        assert explained(ben, wall) == explained(ben, instant)

    def test_one_who_is_free_is_enough(self, ben: Resource) -> None:
        PersonFactory(name="Anna", location=ben.location)
        found = explained(ben, denver(14, 10))

        assert found.offered
        assert [(one.name, one.offered) for one in found.resources] == [("Anna", False), ("Ben", True)]

    def test_only_about_who_was_asked_for(self, ben: Resource) -> None:
        anna = PersonFactory(name="Anna", location=ben.location)
        found = explain_slot(organization=ben.organization, resource_id=anna.id, at=denver(14, 10))

        assert [one.name for one in found.resources] == ["Anna"]
        assert said(found, Code.RULE) == (
            Verdict.BLOCKS,
            "No hours are set for Anna on Monday 14 January 2030.",
        )


class TestSwitchedOff:
    def test_the_person(self, ben: Resource) -> None:
        Resource.objects.update(active=False)

        assert said(explained(ben, denver(14, 10)), Code.RESOURCE) == (
            Verdict.BLOCKS,
            "Ben is switched off and takes no new bookings.",
        )

    def test_the_place(self, ben: Resource) -> None:
        Location.objects.update(active=False)
        found = explained(ben, denver(14, 10))

        assert said(found, Code.LOCATION) == (
            Verdict.BLOCKS,
            "Denver is switched off: customers don’t see it.",
        )
        assert not found.offered
        assert not found.resources[0].offered

    def test_the_service_and_the_business(self, ben: Resource) -> None:
        ben.organization.active = False
        found = explained(ben, denver(14, 10), service(ben, active=False))

        assert blocking(found) == [Code.ORGANIZATION, Code.SERVICE]

    def test_nobody_is_there(self) -> None:
        where = LocationFactory(name="Denver")
        found = explain_slot(organization=where.organization, location_id=where.id, at=denver(14, 10))

        assert said(found, Code.RESOURCE)[1] == "Denver has nobody to book; customers there book its people."

    def test_a_person_of_a_place_that_sells_its_pool(self, ben: Resource) -> None:
        Location.objects.update(sells_from=SellsFrom.POOL)
        found = explained(ben, denver(14, 10), resource_id=ben.id)

        assert said(found, Code.KIND)[1] == "Customers of Denver book a place in its pool, not Ben."

    def test_somebody_without_the_skill(self, ben: Resource) -> None:
        found = explained(ben, denver(14, 10), service(ben, 60, "gas", "heat"))

        assert said(found, Code.SKILLS) == (
            Verdict.BLOCKS,
            "Ben lacks “gas” and “heat”, which the service needs.",
        )
        Resource.objects.update(skills=["gas", "heat"])
        assert said(explained(ben, denver(14, 10), service(ben, 60, "gas")), Code.SKILLS)[0] == Verdict.OK


class TestHours:
    def test_names_the_rule_that_decides(self, ben: Resource) -> None:
        found = explained(ben, denver(14, 18))

        assert said(found, Code.RULE) == (
            Verdict.BLOCKS,
            "Ben works 09:00–17:00 on weekdays; 18:00 is outside that.",
        )
        assert reason(found, Code.RULE).data == {
            "kind": "WEEKLY",
            "scope": "resource",
            "is_closed": False,
            "note": "",
        }

    def test_a_day_off_for_everybody(self, ben: Resource) -> None:
        WeeklyRuleFactory(
            location=ben.location,
            rule_kind=RuleKind.EXCEPTION,
            days_of_week=None,
            valid_from=TUESDAY,
            valid_to=TUESDAY,
            is_closed=True,
            note="Thanksgiving",
        )
        generate_slots(organization=ben.organization, first=MONDAY, last=FRIDAY)

        assert said(explained(ben, denver(15, 10)), Code.RULE) == (
            Verdict.BLOCKS,
            "Thanksgiving: Denver is closed on 15 January 2030.",
        )

    def test_a_day_off_of_ones_own_until_a_date(self, ben: Resource) -> None:
        WeeklyRuleFactory(
            location=ben.location,
            resource=ben,
            rule_kind=RuleKind.DATE_RANGE,
            days_of_week=[2],
            valid_from=MONDAY,
            valid_to=date(2030, 2, 1),
            is_closed=True,
        )

        assert said(explained(ben, denver(15, 10)), Code.RULE)[1] == (
            "Ben is off on Tuesdays from 14 January 2030 until 1 February 2030."
        )

    def test_the_hours_of_everybody(self, ben: Resource) -> None:
        AvailabilityRule.objects.update(resource=None, end_time=time(12))
        WeeklyRuleFactory(location=ben.location, start_time=time(13), end_time=time(0))

        assert said(explained(ben, denver(14, 12)), Code.RULE)[1] == (
            "Denver is open 09:00–12:00 and 13:00–24:00 on weekdays, and Ben works then; "
            "12:00 is outside that."
        )

    def test_the_night_belongs_to_the_day_on_which_it_began(self, ben: Resource) -> None:
        AvailabilityRule.objects.update(start_time=time(22), end_time=time(2), days_of_week=[1])
        generate_slots(organization=ben.organization, first=MONDAY, last=FRIDAY)

        assert explained(ben, denver(15, 1)).offered
        assert said(explained(ben, denver(15, 1)), Code.RULE)[1] == "Ben works 22:00–02:00 on Mondays."

    def test_the_visit_would_last_too_long(self, ben: Resource) -> None:
        found = explained(ben, denver(14, 16, 30), service(ben))

        assert said(found, Code.WORKING_TIME) == (
            Verdict.BLOCKS,
            "The visit would last until 17:30, but working time ends at 17:00.",
        )


class TestSlots:
    def test_off_the_grid(self, ben: Resource) -> None:
        found = explained(ben, denver(14, 10, 10), service(ben))

        assert blocking(found) == [Code.GRID]
        assert said(found, Code.GRID)[1] == (
            "No visit begins at 10:10: on Monday 14 January 2030 one can begin every 30 minutes from the "
            "opening on, as long as 30 minutes are left. Nearest: 10:00 and 10:30."
        )

    def test_beyond_what_has_been_made(self, ben: Resource) -> None:
        SlotInstance.objects.filter(date__gt=TUESDAY).delete()
        found = explained(ben, denver(16, 10))

        assert said(found, Code.SLOT)[1] == "Times have been made only as far as Tuesday 15 January 2030."
        assert reason(found, Code.SLOT).data == {"generated_until": "2030-01-15"}

    def test_not_made_at_all_or_lost(self, ben: Resource) -> None:
        SlotInstance.objects.filter(start_at=denver(14, 10)).delete()
        assert said(explained(ben, denver(14, 10)), Code.SLOT)[1] == (
            "The hours allow this time, but it has not been made yet: "
            "use “Generate times” on the page of Denver."
        )

        SlotInstance.objects.all().delete()
        assert said(explained(ben, denver(14, 10)), Code.SLOT)[1] == (
            "No times have been made for Ben yet: use “Generate times” on the page of Denver."
        )

    def test_a_past_time_that_was_never_made_is_only_past(self, ben: Resource) -> None:
        found = explained(ben, denver(7, 10))

        assert blocking(found) == [Code.NOTICE]
        assert not {Code.SLOT, Code.OFFERED} & {one.code for one in found.resources[0].reasons}

    def test_closed_since_somebody_has_had_it(self, ben: Resource) -> None:
        SlotInstance.objects.filter(start_at=denver(14, 10)).update(closed=True, status="blocked")

        assert said(explained(ben, denver(14, 10)), Code.SLOT) == (
            Verdict.BLOCKS,
            "This time is closed: the hours no longer allow it, but somebody has had it.",
        )

    def test_left_over_from_another_grid(self, ben: Resource) -> None:
        AvailabilityRule.objects.update(slot_granularity_minutes=60)
        found = explained(ben, denver(14, 10, 30))

        assert said(found, Code.SLOT)[0] == Verdict.INFO
        assert found.offered


class TestClock:
    def test_a_time_that_does_not_exist(self, ben: Resource) -> None:
        found = explained(ben, datetime(2030, 3, 10, 2, 30))  # noqa: DTZ001  (the wall's time)

        assert found.start_at is None
        assert not found.offered
        assert said(found, Code.CLOCK_CHANGE) == (
            Verdict.BLOCKS,
            "There is no 02:30 on Sunday 10 March 2030 in America/Denver: after 01:59 comes 03:00.",
        )

    def test_a_time_that_comes_twice(self, ben: Resource) -> None:
        first = explained(ben, datetime(2030, 11, 3, 1, 30))  # noqa: DTZ001  (the wall's time)
        second = explained(ben, datetime(2030, 11, 3, 8, 30, tzinfo=UTC))

        assert first.start_at == datetime(2030, 11, 3, 7, 30, tzinfo=UTC)
        assert said(first, Code.CLOCK_CHANGE)[1] == (
            "01:30 on Sunday 3 November 2030 comes twice in America/Denver, for the clocks go back. "
            "This is the first, the one that is sold."
        )
        assert reason(second, Code.CLOCK_CHANGE).data == {"is_first": False}


class TestWindow:
    def test_past(self, ben: Resource, set_now: Callable[[datetime], None]) -> None:
        set_now(denver(14, 10, 1))

        assert said(explained(ben, denver(14, 10)), Code.NOTICE) == (
            Verdict.BLOCKS,
            "It is past: now it is 10:01 on Monday 14 January 2030.",
        )

    def test_too_soon(self, ben: Resource) -> None:
        ben.organization.policy.minimum_notice_minutes = 120

        assert said(explained(ben, denver(14, 9)), Code.NOTICE)[1] == (
            "Customers book at least 120 minutes ahead: now the earliest start is "
            "10:00 on Monday 14 January 2030."
        )
        assert explained(ben, denver(14, 10)).offered

    def test_its_ends_are_said_in_whole_minutes_that_are_inside(
        self, ben: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        set_now(denver(14, 8) + timedelta(seconds=4))
        found = explained(ben, denver(14, 10))

        assert said(found, Code.NOTICE)[1].endswith(
            "the earliest start now is 08:01 on Monday 14 January 2030."
        )
        assert said(found, Code.HORIZON)[1].endswith("the latest start now is 09:00 on Friday 15 March 2030.")

    def test_too_far_ahead(self, ben: Resource) -> None:
        ben.organization.policy.horizon_days = 1

        assert said(explained(ben, denver(15, 9)), Code.HORIZON)[1] == (
            "Customers book at most 1 day ahead: now until 08:00 on Tuesday 15 January 2030."
        )


class TestNeighbours:
    def test_a_booking_a_hold_and_time_off_are_named_without_names(self, ben: Resource) -> None:
        take(ben, at(0), expires_at=app_now() + minutes(10))
        day_off(ben, at(30, 60))
        found = explained(ben, denver(14, 10), service(ben, 90))

        assert said(found, Code.HOLD) == (
            Verdict.BLOCKS,
            "10:00–10:30 is a visit that is held, until 08:10 unless confirmed.",
        )
        assert said(found, Code.TIME_OFF) == (Verdict.BLOCKS, "10:30–11:30 is vacation.")
        assert said(found, Code.CAPACITY) == (
            Verdict.BLOCKS,
            "Ben serves one at a time, and is taken then.",
        )
        assert reason(found, Code.HOLD).data["expires_at"] == "2030-01-14T15:10:00+00:00"

    def test_room_is_said_in_words(self, ben: Resource) -> None:
        assert said(explained(ben, denver(14, 10)), Code.CAPACITY)[1] == "Nothing else takes Ben’s time then."
        Resource.objects.update(capacity=3)
        take(ben, at(0))
        ben.refresh_from_db()

        assert said(explained(ben, denver(14, 10)), Code.CAPACITY)[1] == (
            "Ben serves 3 at once: 1 wanted, 1 taken at the fullest moment."
        )

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            (denver(14, 9), denver(14, 10, 30), "09:00–10:30"),
            (denver(15, 9), denver(15, 10), "09:00 on Tuesday 15 January 2030–10:00"),
            (denver(15, 0), denver(16, 0), "All of Tuesday 15 January 2030"),
            (
                denver(15, 0),
                denver(19, 0),
                "From Tuesday 15 January 2030 until Friday 18 January 2030, all day,",
            ),
            (
                denver(14, 22),
                denver(16, 6),
                "From 22:00 on Monday 14 January 2030 until 06:00 on Wednesday 16 January 2030",
            ),
        ],
    )
    def test_what_lasts_for_days_is_said_in_days(self, start: datetime, end: datetime, words: str) -> None:
        clock = Clock(ZoneInfo("America/Denver"))

        assert clock.stretch(Period(start, end), beside=denver(14, 10)) == words

    def test_a_hold_that_is_over_is_only_mentioned(
        self, ben: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        take(ben, at(0), expires_at=app_now() + minutes(10))
        set_now(app_now() + minutes(10))
        found = explained(ben, denver(14, 10))

        assert said(found, Code.HOLD) == (
            Verdict.INFO,
            "A hold of 10:00–10:30 ended at 08:10 and counts no more.",
        )
        assert found.offered

    def test_only_the_buffers_meet(self, ben: Resource) -> None:
        take(ben, at(60), kind=EventType.MEETING, buffer_before=minutes(10))
        found = explained(ben, denver(14, 10), service(ben, buffer_after_minutes=15))

        sentences = [r.sentence for r in found.resources[0].reasons if r.code == Code.BUFFER]
        assert sentences == [
            "With 15 minutes after it, the visit takes Ben’s time 10:00–11:15.",
            "11:00–11:30 is a meeting, which with its buffers takes 10:50–11:30.",
        ]
        assert blocking(found) == [Code.BUFFER, Code.CAPACITY]

    def test_a_day_that_is_full(self, ben: Resource) -> None:
        Resource.objects.update(daily_cap=1)
        take(ben, at(0), expires_at=app_now() + minutes(10))
        found = explained(ben, denver(14, 12))

        assert said(found, Code.DAILY_CAP) == (
            Verdict.BLOCKS,
            "Ben takes 1 visit a day and has 1 on Monday 14 January 2030.",
        )
        assert explained(ben, denver(15, 12)).offered


class TestCapacity:
    @pytest.fixture
    def pool(self) -> Resource:
        pool = PoolFactory(capacity=3)
        WeeklyRuleFactory(location=pool.location, slot_capacity=2)
        generate_slots(organization=pool.organization, first=MONDAY, last=MONDAY)
        return pool

    def test_a_party_that_is_too_large(self, pool: Resource) -> None:
        found = explained(pool, denver(14, 10), party=4)

        assert blocking(found) == [Code.CAPACITY, Code.SLOT_CAPACITY]
        assert reason(found, Code.CAPACITY).data == {"party": 4, "capacity": 3, "taken": 0}

    def test_the_rule_serves_fewer_than_there_are_places(self, pool: Resource) -> None:
        take(pool, at(0), party=1)
        found = explained(pool, denver(14, 10), party=2)

        assert blocking(found) == [Code.SLOT_CAPACITY]
        assert said(found, Code.SLOT_CAPACITY)[1] == "These hours serve 2 at once: 2 wanted, 1 there already."
        assert said(found, Code.TIME_OFF) == (Verdict.INFO, "10:00–10:30 is a meeting, of 1 place.")


def utc_texts(shown: dict[datetime, bool]) -> list[str]:
    """The shown starts as the API writes them."""
    return [f"{start:%Y-%m-%dT%H:%M:%SZ}" for start in sorted(shown) if shown[start]]


class TestExposure:
    """Of eight free starts a visitor is shown one to three with Ben, three to five at the location."""

    def shown(self, ben: Resource, **parts: Any) -> dict[datetime, bool]:
        starts = [denver(14, 9) + number * minutes(30) for number in range(16)]
        found = [explained(ben, start, **parts) for start in starts]
        return {one.start_at: reason(one, Code.EXPOSURE).data["shown"] for one in found if one.start_at}

    def test_says_of_each_start_what_the_visitor_is_shown(self, ben: Resource) -> None:
        shown = self.shown(ben, visitor="somebody", offering=service(ben, 30))
        draw = Draw("somebody", MONDAY, ALL, hour_of(app_now()))
        parts = [Candidate(name_of_start(start), day_part_of(start.hour - 7)) for start in shown]

        assert {name_of_start(start) for start in shown if shown[start]} == set(expose(parts, draw).names)
        assert 3 <= sum(shown.values()) <= 5
        assert self.shown(ben, draw=draw_of(draw.id), offering=service(ben, 30)) == shown

    def test_of_a_person_without_a_service(self, ben: Resource) -> None:
        assert 1 <= sum(self.shown(ben, visitor="somebody", resource_id=ben.id).values()) <= 3

    def test_in_words_and_never_in_the_way(self, ben: Resource) -> None:
        found = explained(ben, denver(14, 10), draw=Draw("x", MONDAY, ALL, "2030-01-14T15", "show_all"))

        assert said(found, Code.EXPOSURE) == (
            Verdict.INFO,
            "Of 16 free times 16 are shown to this visitor in the hour from 15:00 UTC; this is one of them.",
        )
        hidden = next(start for start, shown in self.shown(ben, visitor="somebody").items() if not shown)
        assert explained(ben, hidden, visitor="somebody").offered

    def test_is_what_the_visitor_was_shown_by_the_api(self, ben: Resource) -> None:
        widget, offering = WidgetClient(ben.organization), service(ben, 30)
        asked = {"location_id": str(ben.location_id), "date": "2030-01-14"}

        day = widget.get("/v1/scheduler/date-timeslots", {**asked, "service_id": str(offering.id)}).json()
        shown = self.shown(ben, draw=draw_of(day["exposure_id"]), offering=offering)
        assert utc_texts(shown) == [start["start_at"] for start in day["timeslots"]]

        slots = widget.get("/v1/slots", asked).json()
        shown = self.shown(ben, draw=draw_of(slots["exposure_id"]))
        assert utc_texts(shown) == [slot["start_at"] for slot in slots["slots"]]

    def test_what_is_not_free_is_not_drawn(self, ben: Resource) -> None:
        take(ben, at(0))
        found = explained(ben, denver(14, 10), visitor="somebody")

        assert Code.EXPOSURE not in [one.code for one in found.resources[0].reasons]


class TestAsking:
    def test_another_business_has_nothing_to_explain(self, ben: Resource) -> None:
        other = LocationFactory()

        for wrong in (
            {"location_id": other.id},
            {"location_id": None},
            {"resource_id": new_id()},
            {"service_id": service(PersonFactory()).id},
        ):
            with pytest.raises(NotFound):
                explain_slot(
                    organization=ben.organization,
                    at=denver(14, 10),
                    **{"location_id": ben.location_id} | wrong,
                )

    def test_the_number_of_queries_does_not_grow(self, ben: Resource) -> None:
        offering = service(ben)

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                explained(ben, denver(14, 10), offering)
            return len(captured)

        few = queries()
        for _ in range(5):
            take(PersonFactory(location=ben.location), at(0))
        assert queries() == few <= 10


class TestCommand:
    def run(self, **options: str) -> str:
        out = StringIO()
        call_command("explain_slot", *[f"--{name}={value}" for name, value in options.items()], stdout=out)
        return out.getvalue()

    def test_prints_the_chain(self, ben: Resource) -> None:
        service(ben)
        printed = self.run(
            organization=ben.organization.slug, location="Denver", service="Tune-up", at="2030-01-14T16:30"
        )

        assert printed.splitlines()[0].endswith("at Denver for Tune-up is not offered.")
        assert "Ben: not offered" in printed
        assert (
            "  ✗ WORKING_TIME  The visit would last until 17:30, but working time ends at 17:00." in printed
        )
        assert "  ✓ RULE          Ben works 09:00–17:00 on weekdays." in printed

    def test_takes_ids_and_a_person(self, ben: Resource) -> None:
        printed = self.run(
            organization=str(ben.organization_id), person=str(ben.id), at="2030-01-14T17:00Z", session="x"
        )

        assert "is offered, with Ben." in printed
        assert "· EXPOSURE" in printed

    def test_says_what_there_is_where_a_name_is_wrong(self, ben: Resource) -> None:
        with pytest.raises(CommandError, match=r"There is no location “Dover”\. There is: Denver\."):
            self.run(organization=ben.organization.slug, location="Dover", at="2030-01-14T10:00")
        with pytest.raises(CommandError, match="Say which location"):
            self.run(organization=ben.organization.slug, at="2030-01-14T10:00")
        with pytest.raises(CommandError, match=r"Write it as in 2026-12-01T09:00"):
            self.run(organization=ben.organization.slug, at="soon")
        with pytest.raises(CommandError, match="not an exposure id"):
            self.run(organization=ben.organization.slug, at="2030-01-14T10:00", exposure="x")

    def test_asks_for_an_id_where_two_have_a_name(self, ben: Resource) -> None:
        PersonFactory(name="Ben", location=ben.location)

        with pytest.raises(CommandError, match="Several are called “Ben”"):
            self.run(organization=ben.organization.slug, person="Ben", at="2030-01-14T10:00")


# --- that it is the truth ------------------------------------------------------------------------------


def a_business(chance: random.Random) -> list[Resource]:
    """Somewhere with hours, exceptions, people or a pool, bookings, holds, time off, caps and buffers."""
    where = LocationFactory(
        sells_from=chance.choice(SellsFrom.values), timezone=chance.choice(["America/Denver", "Asia/Dubai"])
    )
    is_pool = where.sells_from == SellsFrom.POOL
    resources: list[Any] = [
        (PoolFactory if is_pool else PersonFactory)(
            location=where,
            kind=ResourceKind.POOL if is_pool else ResourceKind.PERSON,
            capacity=chance.choice([1, 1, 3]),
            skills=chance.choice([[], ["gas"]]),
            buffer_before_minutes=chance.choice([None, 10]),
            active=chance.random() < 0.9,
        )
        for _ in range(1 if is_pool else 3)
    ]
    some_rules(chance, where, resources)
    generate_slots(organization=where.organization, first=MONDAY, last=TUESDAY)
    some_events(chance, resources)
    Resource.objects.filter(id=resources[-1].id).update(daily_cap=chance.choice([None, 1, 3]))
    policy = where.organization.policy
    policy.minimum_notice_minutes = chance.choice([0, 0, 180])
    policy.horizon_days = chance.choice([1, 60])
    policy.buffer_after_minutes = chance.choice([0, 15])
    policy.save()
    something_odd(chance.choice(["nothing", "lost", "closed", "other hours"]))
    return resources


def something_odd(what: str) -> None:
    """What the slots say and what the rules say may differ for a while."""
    if what == "lost":
        SlotInstance.objects.filter(date=TUESDAY).delete()
    elif what == "closed":
        SlotInstance.objects.filter(start_at__minute=30).update(closed=True, status="blocked")
    elif what == "other hours":
        AvailabilityRule.objects.update(start_time=time(10))


def some_rules(chance: random.Random, where: Location, resources: list[Resource]) -> None:
    WeeklyRuleFactory(
        location=where, end_time=time(13), slot_capacity=chance.choice([1, 2]), slot_duration_minutes=60
    )
    WeeklyRuleFactory(location=where, start_time=time(13), end_time=chance.choice([time(18), time(2)]))
    if chance.random() < 0.5:
        WeeklyRuleFactory(location=where, resource=chance.choice(resources), end_time=time(11))
    if chance.random() < 0.5:
        WeeklyRuleFactory(
            location=where,
            resource=chance.choice([None, resources[0]]),
            rule_kind=RuleKind.EXCEPTION,
            days_of_week=None,
            valid_from=TUESDAY,
            valid_to=TUESDAY,
            is_closed=chance.choice([True, False]),
        )


def some_events(chance: random.Random, resources: list[Resource]) -> None:
    """At different times of the day, so that none takes another's place."""
    for start in range(-60, 600, 75):
        one = chance.choice(resources)
        kind = chance.choice(["hold", "lapsed", "off", "none"])
        if kind == "off":
            day_off(one, at(start, chance.choice([30, 45])))
        elif kind != "none":
            take(
                one,
                at(start, chance.choice([30, 60])),
                buffer_after=minutes(chance.choice([0, 10])),
                expires_at=app_now() + (minutes(9) if kind == "hold" else -minutes(1)),
            )


@pytest.mark.parametrize("seed", range(12))
def test_what_is_explained_as_offered_is_what_is_offered(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (the same setups each time)
    resources = a_business(chance)
    where, organization = resources[0].location, resources[0].organization
    offering = chance.choice(
        [None, service(resources[0], chance.choice([30, 90]), *chance.choice([[], ["gas"]]))]
    )
    party = chance.choice([1, 1, 2])
    offers = find_offers(
        location=where,
        policy=organization.policy,
        need=VisitNeed.of(offering, party=party),
        first=MONDAY - timedelta(days=1),
        last=TUESDAY + timedelta(days=1),
        now=app_now(),
    )
    offered = {(offer.start_at, offer.resource_id) for offer in offers}

    some = chance.sample(sorted({start for start, _ in offered}), min(8, len({s for s, _ in offered})))
    quarters = [denver(14, 0) + number * minutes(15) for number in range(4 * 40)]
    for start in [*some, *chance.sample(quarters, 16)]:
        found = explained(resources[0], start, offering, party=party)
        for one in found.resources:
            assert one.offered == ((start, one.resource_id) in offered), (start, one)
        assert found.offered == any(start == other for other, _ in offered)
