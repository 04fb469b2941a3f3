"""GET /v1/scheduler/*, /v1/dates and /v1/slots of several services: what the widget shows of a visit."""

from collections.abc import Callable
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.lanes import Period
from apps.availability.models import Location, Resource, SlotInstance
from apps.content.models import BookingService
from tests.availability.support import at, denver, minutes, take
from tests.factories.availability import LocationFactory, PersonFactory, PoolFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

MONTH, DAY = "/v1/scheduler/month-availability", "/v1/scheduler/date-timeslots"
DATES, SLOTS = "/v1/dates", "/v1/slots"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def salon() -> Location:
    """A student washes, two masters colour, weekdays from nine to five; it is Monday, 14 January, eight."""
    salon = LocationFactory()
    PersonFactory(location=salon, name="Student", skills=["wash"])
    PersonFactory(location=salon, name="Karina", skills=["wash", "colour"])
    PersonFactory(location=salon, name="Nanna", skills=["colour"])
    WeeklyRuleFactory(location=salon)
    generate_slots(organization=salon.organization)
    return salon


@pytest.fixture
def wash(salon: Location) -> BookingService:
    return ServiceFactory(
        organization=salon.organization, title="Wash", duration_minutes=30, required_skills=["wash"]
    )


@pytest.fixture
def colour(salon: Location) -> BookingService:
    return ServiceFactory(
        organization=salon.organization, title="Colour", duration_minutes=90, required_skills=["colour"]
    )


@pytest.fixture
def widget(salon: Location) -> WidgetClient:
    return WidgetClient(salon.organization)


@pytest.fixture
def ask(salon: Location, wash: BookingService, colour: BookingService, widget: WidgetClient) -> Ask:
    """A read of wash and colour, or of other services, and its body."""

    def get(path: str, *services: BookingService, **query: Any) -> dict[str, Any]:
        chosen = [str(service.id) for service in services or (wash, colour)]
        response = widget.get(path, {"location_id": str(salon.id), "service_id": chosen, **query})
        assert response.status_code == 200, response.content
        body: dict[str, Any] = response.json()
        return body

    return get


def person(name: str) -> Resource:
    return Resource.objects.get(name=name)


def told(visit: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Who, from when, until when; in UTC."""
    return [
        (line["resource"]["name"], period["start_at"][5:16], period["end_at"][5:16])
        for line in visit["lines"]
        for period in line["periods"]
    ]


class TestDay:
    def test_the_student_washes_and_a_master_colours(self, ask: Ask) -> None:
        take(person("Karina"), at(0, 210))  # from ten until half past one

        body = ask(DAY, date="2030-01-14", more=1)

        visit = next(one for one in body["timeslots"] if one["start_at"] == "2030-01-14T17:00:00Z")
        assert told(visit) == [
            ("Student", "01-14T17:00", "01-14T17:30"),
            ("Nanna", "01-14T17:30", "01-14T19:00"),
        ]
        assert (visit["end_at"], visit["wait_minutes"]) == ("2030-01-14T19:00:00Z", 0)
        assert visit["local_start_at"] == "2030-01-14T10:00:00-07:00"
        assert [one["name"] for one in visit["resources"]] == ["Student", "Nanna"]
        assert body["total"] == 13, "one entry a start: nine o'clock to three"

    def test_at_the_same_time(self, ask: Ask) -> None:
        visit = ask(DAY, date="2030-01-15", mode="parallel", more=1)["timeslots"][0]

        assert {line["periods"][0]["start_at"] for line in visit["lines"]} == {"2030-01-15T16:00:00Z"}
        assert len(visit["resources"]) == 2
        assert visit["end_at"] == "2030-01-15T17:30:00Z"

    def test_by_one_person(self, ask: Ask) -> None:
        visits = ask(DAY, date="2030-01-15", same_person=1, more=1)["timeslots"]

        assert {one["name"] for visit in visits for one in visit["resources"]} == {"Karina"}

    def test_somebody_does_what_they_can_and_others_the_rest(self, ask: Ask) -> None:
        visits = ask(DAY, date="2030-01-15", resource_id=person("Nanna").id, more=1)["timeslots"]

        assert {visit["lines"][1]["resource"]["name"] for visit in visits} == {"Nanna"}
        assert {visit["lines"][0]["resource"]["name"] for visit in visits} <= {"Student", "Karina"}

    def test_a_wait_is_offered_only_where_it_is_allowed(self, ask: Ask) -> None:
        for master in ("Karina", "Nanna"):
            take(person(master), at(-60, 120))  # nine to eleven
        nine = {"date": "2030-01-14", "more": 1}

        assert ask(DAY, **nine)["timeslots"][0]["start_at"] == "2030-01-14T17:30:00Z"
        first = ask(DAY, **nine, max_gap_minutes=90)["timeslots"][0]
        assert (first["start_at"], first["wait_minutes"]) == ("2030-01-14T16:00:00Z", 90)

    def test_the_same_service_twice(self, ask: Ask, colour: BookingService) -> None:
        visit = ask(DAY, colour, colour, date="2030-01-15", mode="parallel", more=1)["timeslots"][0]

        assert sorted(name for name, _, _ in told(visit)) == ["Karina", "Nanna"]

    def test_a_service_over_two_days(self, ask: Ask, salon: Location, widget: WidgetClient) -> None:
        WeeklyRuleFactory(
            location=salon,
            resource=person("Nanna"),
            start_time=time(9),
            end_time=time(12),
            days_of_week=[1, 2],
        )
        PersonFactory(location=salon, name="Restorer", skills=["restore"])
        WeeklyRuleFactory(
            location=salon,
            resource=person("Restorer"),
            start_time=time(9),
            end_time=time(12),
            days_of_week=[2, 3],
        )
        generate_slots(organization=salon.organization)
        long = ServiceFactory(
            organization=salon.organization,
            duration_minutes=300,
            required_skills=["restore"],
            may_split=True,
        )

        first = ask(DAY, long, date="2030-01-15", more=1)["timeslots"][0]

        assert told(first) == [
            ("Restorer", "01-15T16:00", "01-15T19:00"),
            ("Restorer", "01-16T16:00", "01-16T18:00"),
        ]
        assert first["end_at"] == "2030-01-16T18:00:00Z"
        assert ask(SLOTS, long, date="2030-01-15", more=1)["slots"][0]["lines"] == first["lines"]
        days = {day["date"]: day["available"] for day in ask(MONTH, long, month="2030-01")["days"]}
        assert days["2030-01-15"] > 0
        assert {
            one["date"] for one in ask(DATES, long, **{"from": "2030-01-15", "to": "2030-01-16"})["dates"]
        }

    def test_a_night_on_which_the_clocks_change(self, salon: Location, ask: Ask) -> None:
        # On Sunday, 10 March 2030, Denver's clocks go from two to three.
        WeeklyRuleFactory(
            location=salon,
            days_of_week=[7],
            start_time=time(1),
            end_time=time(6),
            slot_granularity_minutes=30,
            slot_duration_minutes=30,
        )
        generate_slots(organization=salon.organization, first=date(2030, 3, 10), last=date(2030, 3, 10))

        visits = ask(DAY, date="2030-03-10", more=1)["timeslots"]

        first = visits[0]
        assert (first["local_start_at"], first["local_end_at"]) == (
            "2030-03-10T01:00:00-07:00",
            "2030-03-10T04:00:00-06:00",
        )
        starts = [visit["local_start_at"][11:16] for visit in visits]
        assert starts == ["01:00", "01:30", "03:00", "03:30", "04:00"]

    def test_in_a_pool_nobody_is_named(self, widget: WidgetClient, salon: Location) -> None:
        pool = PoolFactory(
            location=LocationFactory(organization=salon.organization, sells_from="pool"), capacity=2
        )
        WeeklyRuleFactory(location=pool.location, slot_capacity=2)
        generate_slots(organization=salon.organization)
        two = [str(ServiceFactory(organization=salon.organization, duration_minutes=30).id) for _ in range(2)]

        query = {"location_id": pool.location_id, "service_id": two, "date": "2030-01-15", "more": 1}
        visit = widget.get(DAY, query).json()["timeslots"][0]

        assert visit["resources"] == []
        assert [line["resource"] for line in visit["lines"]] == [None, None]

    def test_a_party_that_fits_nobody_is_told_so(self, ask: Ask) -> None:
        body = ask(DAY, date="2030-01-15", party_size=2)

        assert (body["timeslots"], body["total"]) == ([], 0)
        assert body["note"] == "Nobody here has room for a party of 2 at once."


class TestMonth:
    def test_counts_the_starts_of_each_day(self, ask: Ask) -> None:
        body = ask(MONTH, month="2030-01")

        days = {day["date"]: (day["available"], day["level"]) for day in body["days"]}
        assert (len(days), days["2030-01-15"], days["2030-01-19"]) == (31, (13, "many"), (0, "none"))
        assert (body["next_available_date"], body["note"]) == ("2030-01-14", None)

    def test_points_to_the_next_free_date(self, ask: Ask) -> None:
        SlotInstance.objects.filter(date__lt=date(2030, 2, 5)).delete()

        body = ask(MONTH, month="2030-01")

        assert body["next_available_date"] == "2030-02-05"

    def test_says_in_words_why_there_can_be_nothing(
        self, ask: Ask, salon: Location, wash: BookingService, colour: BookingService
    ) -> None:
        cut = ServiceFactory(organization=salon.organization, title="Cut", required_skills=["cut"])

        body = ask(MONTH, wash, cut, month="2030-01")

        assert {day["available"] for day in body["days"]} == {0}
        assert body["note"] == "Nobody here does “Cut”."
        assert ask(MONTH, month="2030-01", same_person=1)["note"] is None
        body = ask(MONTH, cut, colour, month="2030-01", resource_id=person("Student").id)
        assert body["note"] == "Student does not do “Cut”."
        PersonFactory(location=salon, name="Barber", skills=["cut"])
        body = ask(MONTH, cut, colour, month="2030-01", same_person=1)
        assert body["note"] == "Nobody here does all of these services. Let several people do them."

    def test_dates_say_the_same(self, ask: Ask) -> None:
        month = ask(MONTH, month="2030-01")
        dates = ask(DATES, **{"from": "2030-01-01", "to": "2030-01-31"})

        assert dates["dates"] == [
            {"date": day["date"], "available": day["available"]} for day in month["days"] if day["available"]
        ]


class TestWhatIsShown:
    def test_a_visitor_sees_a_few_and_the_same_ones(self, ask: Ask) -> None:
        body = ask(DAY, date="2030-01-15")

        assert 3 <= len(body["timeslots"]) <= 5
        assert (body["total"], body["has_more"]) == (13, True)
        assert body["exposure_id"]
        assert ask(DAY, date="2030-01-15") == body
        slots = ask(SLOTS, date="2030-01-15")
        assert 3 <= len(slots["slots"]) <= 5
        assert slots["slots"][0]["resource"] == slots["slots"][0]["lines"][0]["resource"]

    def test_of_a_person_fewer(self, ask: Ask) -> None:
        assert 1 <= len(ask(DAY, date="2030-01-15", resource_id=person("Nanna").id)["timeslots"]) <= 3

    def test_what_fills_up_disappears_and_the_rest_stays(self, ask: Ask) -> None:
        shown = [visit["start_at"] for visit in ask(DAY, date="2030-01-15")["timeslots"]]
        taken = shown[0]
        start = SlotInstance.objects.filter(start_at=taken).first()
        assert start is not None
        for name in ("Karina", "Student"):
            take(person(name), Period(start.start_at, start.start_at + minutes(30)))

        now = [visit["start_at"] for visit in ask(DAY, date="2030-01-15")["timeslots"]]

        assert taken not in now
        assert set(shown[1:]) <= set(now)

    def test_a_hold_that_ends_gives_its_time_back(self, ask: Ask, set_now: Callable[[Any], None]) -> None:
        for name in ("Karina", "Student"):
            take(person(name), at(0, 420), expires_at=denver(14, 8, 5))
        assert ask(DAY, date="2030-01-14", more=1)["total"] == 2

        set_now(denver(14, 8, 6))

        assert ask(DAY, date="2030-01-14", more=1)["total"] == 13

    def test_a_start_that_comes_too_near_goes(self, ask: Ask, set_now: Callable[[Any], None]) -> None:
        set_now(denver(14, 9))
        assert ask(DAY, date="2030-01-14", more=1)["total"] == 13

        set_now(denver(14, 9).replace(microsecond=1))

        assert ask(DAY, date="2030-01-14", more=1)["total"] == 12


class TestAsking:
    def test_asks_the_database_as_often_whatever_there_is(
        self, ask: Ask, salon: Location, wash: BookingService, colour: BookingService
    ) -> None:
        def queries(path: str, *services: BookingService, **query: Any) -> int:
            with CaptureQueriesContext(connection) as captured:
                ask(path, *services, **query)
            return len(captured)

        ask(DAY, date="2030-01-14")  # from now on the key is known
        few = queries(MONTH, month="2030-01"), queries(DAY, date="2030-01-15", more=1)
        for number in range(5):
            take(PersonFactory(location=salon, name=f"More {number}", skills=["wash"]), at(30 * number))
        generate_slots(organization=salon.organization)
        many = [wash, colour, wash, wash]

        assert (queries(MONTH, *many, month="2030-02"), queries(DAY, *many, date="2030-01-16", more=1)) == few
        assert few == (9, 9), "the key, the stamp, who asks, settings, place, services; then four to plan"
        assert queries(MONTH, *many, month="2030-02") == 1, "kept: is it still true?"

    def test_who_asks_the_same_shares_the_answer(
        self, ask: Ask, widget: WidgetClient, salon: Location, wash: BookingService, colour: BookingService
    ) -> None:
        ask(MONTH, month="2030-01")
        somebody = WidgetClient(salon.organization, api_key=widget.api_key)
        query = {"location_id": salon.id, "service_id": [wash.id, colour.id], "month": "2030-01"}
        with CaptureQueriesContext(connection) as captured:
            somebody.get(MONTH, query)

        assert not any("slotinstance" in query["sql"] for query in captured)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"mode": "both"}, "mode"),
            ({"max_gap_minutes": "-1"}, "max_gap_minutes"),
            ({"party_size": "0"}, "party_size"),
            ({"same_person": "perhaps"}, "same_person"),
            ({"service_id": ["1", "2"]}, "service_id"),
            ({"service_id": [str(UUID(int=1))] * 9}, "service_id"),
        ],
    )
    @pytest.mark.parametrize("path", [MONTH, DAY, DATES, SLOTS])
    def test_bad_input_is_named(self, widget: WidgetClient, path: str, wrong: Any, field: str) -> None:
        when = {
            MONTH: {"month": "2030-01"},
            DATES: {"from": "2030-01-01", "to": "2030-01-02"},
        }.get(path, {"date": "2030-01-15"})
        somewhere = {"location_id": UUID(int=1), "service_id": [UUID(int=2), UUID(int=3)]}
        query = {**somewhere, **when, **wrong}

        response = widget.get(path, query)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == [field]
        assert isinstance(response.json()["errors"][field][0], str)

    @pytest.mark.parametrize("path", [DAY, SLOTS])
    def test_a_service_of_another_business_is_not_there(
        self, widget: WidgetClient, salon: Location, wash: BookingService, path: str
    ) -> None:
        query = {"location_id": salon.id, "service_id": [wash.id, ServiceFactory().id], "date": "2030-01-15"}

        assert problem(widget.get(path, query)) == (404, "NOT_FOUND")

    def test_a_service_of_another_calendar_is_not_planned(
        self, widget: WidgetClient, salon: Location, wash: BookingService
    ) -> None:
        other = ServiceFactory(organization=salon.organization, vendor_type="servicetitan")
        query = {"location_id": salon.id, "service_id": [wash.id, other.id], "date": "2030-01-15"}

        assert problem(widget.get(DAY, query)) == (409, "VENDOR_NOT_SUPPORTED")

    def test_one_service_for_a_party(self, widget: WidgetClient) -> None:
        pool = PoolFactory(
            location=LocationFactory(organization=widget.organization, sells_from="pool"), capacity=3
        )
        WeeklyRuleFactory(location=pool.location, slot_capacity=3, end_time=time(10))
        generate_slots(organization=widget.organization)
        service = ServiceFactory(organization=widget.organization, duration_minutes=30)
        take(pool, at(-60), party=2)
        query = {"location_id": pool.location_id, "service_id": service.id, "date": "2030-01-14", "more": 1}

        def total(party: int) -> int:
            found: int = widget.get(DAY, {**query, "party_size": party}).json()["total"]
            return found

        assert [total(1), total(2), total(4)] == [2, 1, 0]


class TestHolding:
    """What is shown can be held, by the people who are shown."""

    @pytest.mark.parametrize(
        "how",
        [{}, {"mode": "parallel"}, {"same_person": "true"}, {"max_gap_minutes": "60"}],
        ids=["chain", "parallel", "same person", "with a gap"],
    )
    def test_every_visit_that_is_shown(
        self, ask: Ask, widget: WidgetClient, salon: Location, how: dict[str, str]
    ) -> None:
        take(person("Nanna"), at(60, 60))
        take(person("Karina"), at(-60, 60))
        visits = ask(DAY, date="2030-01-14", more=1, **how)["timeslots"]
        assert visits

        for visit in visits:
            held = widget.post("/v1/holds", hold_of(visit, salon, how))
            assert held.status_code == 201, (visit, held.content)
            assert [
                (line["service_id"], line["resource"], line["periods"]) for line in held.json()["lines"]
            ] == [(line["service_id"], line["resource"], line["periods"]) for line in visit["lines"]]
            widget.post(f"/v1/holds/{held.json()['id']}/release")

    def test_what_is_held_is_not_shown_again(self, ask: Ask, widget: WidgetClient, salon: Location) -> None:
        first = ask(DAY, date="2030-01-14", same_person=1, more=1)["timeslots"][0]
        widget.post("/v1/holds", hold_of(first, salon, {"same_person": "true"}))

        again = ask(DAY, date="2030-01-14", same_person=1, more=1)["timeslots"]

        assert first["start_at"] not in [visit["start_at"] for visit in again]


def hold_of(visit: dict[str, Any], salon: Location, how: dict[str, str]) -> dict[str, Any]:
    """What the widget sends for a visit that it was shown."""
    return {
        "location_id": str(salon.id),
        "start_at": visit["start_at"],
        "services": [
            {"service_id": line["service_id"], "resource_id": line["resource"]["id"]}
            for line in visit["lines"]
        ],
        **how,
    }
