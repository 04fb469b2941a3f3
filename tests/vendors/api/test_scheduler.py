"""GET /v1/scheduler/*: what the widget's calendar shows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import Location, RuleKind
from apps.content.models import BookingService
from tests.factories.availability import LocationFactory, PersonFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

MONTH = "/v1/scheduler/month-availability"
DAY = "/v1/scheduler/date-timeslots"


@pytest.fixture
def location() -> Location:
    """Two people who work weekdays from nine to five; today is Monday, 14 January, eight o'clock."""
    location = LocationFactory()
    PersonFactory(location=location, name="Ben")
    PersonFactory(location=location, name="Ana")
    WeeklyRuleFactory(location=location, slot_granularity_minutes=60)
    generate_slots(organization=location.organization)
    return location


@pytest.fixture
def service(location: Location) -> BookingService:
    return ServiceFactory(organization=location.organization, duration_minutes=90)


@pytest.fixture
def widget(location: Location) -> WidgetClient:
    return WidgetClient(location.organization)


@pytest.fixture
def about(location: Location, service: BookingService) -> Callable[..., dict[str, Any]]:
    return lambda **extra: {"location_id": str(location.id), "service_id": str(service.id), **extra}


class TestMonth:
    def test_counts_the_starts_of_each_day(
        self, widget: WidgetClient, about: Callable[..., dict[str, Any]]
    ) -> None:
        body = widget.get(MONTH, about(month="2030-01")).json()

        days = {day["date"]: (day["available"], day["level"]) for day in body["days"]}
        assert len(days) == 31
        assert days["2030-01-13"] == (0, "none")  # past
        assert days["2030-01-15"] == (7, "many")  # 9:00 to 15:00: the last visit ends at 16:30
        assert days["2030-01-19"] == (0, "none")  # a Saturday
        assert (body["next_available_date"], body["location_timezone"]) == ("2030-01-14", "America/Denver")

    def test_a_day_that_fills_up_says_few(
        self, widget: WidgetClient, location: Location, about: Callable[..., dict[str, Any]]
    ) -> None:
        WeeklyRuleFactory(
            location=location,
            rule_kind=RuleKind.EXCEPTION,
            days_of_week=None,
            valid_from=date(2030, 1, 16),
            valid_to=date(2030, 1, 16),
            end_time="12:00",
            slot_granularity_minutes=60,
        )
        generate_slots(organization=location.organization)

        body = widget.get(MONTH, about(month="2030-01")).json()

        assert {"date": "2030-01-16", "available": 2, "level": "few"} in body["days"]

    def test_a_month_without_anything_points_to_the_next_free_date(
        self, widget: WidgetClient, location: Location, about: Callable[..., dict[str, Any]]
    ) -> None:
        WeeklyRuleFactory(
            location=location,
            rule_kind=RuleKind.EXCEPTION,
            days_of_week=None,
            valid_from=date(2030, 1, 1),
            valid_to=date(2030, 1, 31),
            is_closed=True,
        )
        generate_slots(organization=location.organization)

        body = widget.get(MONTH, about(month="2030-01")).json()

        assert all(day["level"] == "none" for day in body["days"])
        assert body["next_available_date"] == "2030-02-01"

    def test_asks_the_database_as_often_for_a_busy_month_as_for_a_quiet_one(
        self,
        widget: WidgetClient,
        location: Location,
        about: Callable[..., dict[str, Any]],
        django_assert_num_queries: Any,
    ) -> None:
        widget.get(MONTH, about(month="2030-03"))  # from now on the key is known
        with django_assert_num_queries(8):
            widget.get(MONTH, about(month="2030-01"))
        for number in range(5):
            PersonFactory(location=location, name=f"More {number}")
        generate_slots(organization=location.organization)
        with django_assert_num_queries(8):
            widget.get(MONTH, about(month="2030-02"))


class TestDay:
    def test_one_entry_a_start_with_everybody_who_is_free(
        self, widget: WidgetClient, about: Callable[..., dict[str, Any]]
    ) -> None:
        body = widget.get(DAY, about(date="2030-01-15", more=1)).json()

        assert body["total"] == 7
        first = body["timeslots"][0]
        assert (first["start_at"], first["end_at"]) == ("2030-01-15T16:00:00Z", "2030-01-15T17:30:00Z")
        assert [person["name"] for person in first["resources"]] == ["Ana", "Ben"]
        assert (first["seats"], first["day_part"]) == (2, "morning")
        assert body["timeslots"][-1]["day_part"] == "afternoon"

    def test_who_is_taken_is_not_offered(
        self, widget: WidgetClient, about: Callable[..., dict[str, Any]]
    ) -> None:
        offered = widget.get(DAY, about(date="2030-01-15", more=1)).json()["timeslots"][0]
        ana, ben = (person["id"] for person in offered["resources"])
        widget.post("/v1/holds", about(start_at=offered["start_at"], resource_id=ana))

        timeslots = widget.get(DAY, about(date="2030-01-15", more=1)).json()["timeslots"]

        # A visit of ninety minutes takes the hour that begins within it, too.
        assert [[p["id"] for p in slot["resources"]] for slot in timeslots[:3]] == [[ben], [ben], [ana, ben]]

    def test_every_start_that_is_offered_can_be_held(
        self, widget: WidgetClient, about: Callable[..., dict[str, Any]]
    ) -> None:
        for slot in widget.get(DAY, about(date="2030-01-15", more=1)).json()["timeslots"]:
            hold = widget.post("/v1/holds", about(start_at=slot["start_at"]))
            assert hold.status_code == 201, hold.content
            widget.post(f"/v1/holds/{hold.json()['id']}/release")

    def test_one_persons_times(
        self, widget: WidgetClient, location: Location, about: Callable[..., dict[str, Any]]
    ) -> None:
        ana = location.resources.get(name="Ana")

        body = widget.get(DAY, about(date="2030-01-15", more=1, resource_id=str(ana.id))).json()

        assert {person["name"] for slot in body["timeslots"] for person in slot["resources"]} == {"Ana"}


class TestBadInput:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"month": "January"}, "month"),
            ({"month": "2030-13"}, "month"),
            ({"timezone": "Mars/Olympus"}, "timezone"),
            ({"service_id": "x"}, "service_id"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_wrong_values_name_their_field(
        self, widget: WidgetClient, about: Callable[..., dict[str, Any]], change: dict[str, str], field: str
    ) -> None:
        response = widget.get(MONTH, about(month="2030-01") | change)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert field in response.json()["errors"]

    def test_another_businesss_service_and_location_do_not_exist(
        self, widget: WidgetClient, about: Callable[..., dict[str, Any]]
    ) -> None:
        foreign_service, foreign_location = ServiceFactory(), LocationFactory()

        for change in ({"service_id": str(foreign_service.id)}, {"location_id": str(foreign_location.id)}):
            assert problem(widget.get(DAY, about(date="2030-01-15", more=1) | change)) == (404, "NOT_FOUND")

    def test_a_vendor_that_is_not_connected_says_so(
        self, widget: WidgetClient, location: Location, about: Callable[..., dict[str, Any]]
    ) -> None:
        service = ServiceFactory(
            organization=location.organization, vendor_type="servicetitan", vendor_sync_status="pending"
        )

        response = widget.get(DAY, about(date="2030-01-15", service_id=str(service.id)))

        assert problem(response) == (409, "VENDOR_NOT_SUPPORTED")
