"""What a visitor is shown through the API: `/v1/slots` and the widget's day (seed 003)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.availability.api.kept import KEPT
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.lanes import Period
from apps.availability.models import Resource, SlotInstance
from apps.availability.offering.exposure import Candidate, day_part_of, draw_of, expose
from apps.availability.offering.reading import SEARCHES
from apps.content.models import BookingService
from apps.core.tokens import SessionClaims, issue_session_token
from tests.availability.support import denver, take
from tests.factories.availability import PersonFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory
from tests.widget_client import WidgetClient

pytestmark = pytest.mark.django_db

TUESDAY = "2030-01-15"
Look = Callable[..., Any]


@pytest.fixture
def anna() -> Resource:
    """Works from six to ten at night, as Ben does."""
    anna = PersonFactory(name="Anna")
    PersonFactory(name="Ben", location=anna.location)
    WeeklyRuleFactory(location=anna.location, start_time=time(6), end_time=time(22))
    generate_slots(organization=anna.organization, last=date(2030, 1, 20))
    return anna


@pytest.fixture
def service(anna: Resource) -> BookingService:
    return ServiceFactory(organization=anna.organization, duration_minutes=30)


@pytest.fixture(params=["slots", "timeslots"])
def look(request: pytest.FixtureRequest, anna: Resource, service: BookingService) -> Look:
    """One visitor's look at Tuesday, through either endpoint; a new visitor unless one is given."""
    path, key = {
        "slots": ("/v1/slots", "slots"),
        "timeslots": ("/v1/scheduler/date-timeslots", "timeslots"),
    }[request.param]
    first = WidgetClient(anna.organization)

    def at(
        visitor: WidgetClient | None = None, *, headers: dict[str, str] | None = None, **params: Any
    ) -> Any:
        visitor = visitor or WidgetClient(anna.organization, api_key=first.api_key)
        where = {"location_id": anna.location_id, "service_id": service.id, "date": TUESDAY} | params
        response = visitor.get(path, where, **(headers or {}))
        assert response.status_code == 200, response.content
        body = response.json()
        body["shown"] = body.pop(key)
        body["variant"] = response["X-Exposure-Variant"]
        return body

    return at


def times(body: Any) -> list[str]:
    return [one["start_at"] for one in body["shown"]]


class TestHowMany:
    def test_three_to_five_of_a_location(self, look: Look) -> None:
        bodies = [look() for _ in range(30)]

        assert {len(body["shown"]) for body in bodies} == {3, 4, 5}
        assert all(body["has_more"] and body["total"] in {32, 64} for body in bodies)

    def test_one_to_three_of_a_person(self, look: Look, anna: Resource) -> None:
        bodies = [look(resource_id=anna.id) for _ in range(30)]

        assert {len(body["shown"]) for body in bodies} == {1, 2, 3}
        assert {body["total"] for body in bodies} == {32}

    def test_every_part_of_the_locations_day(self, look: Look) -> None:
        zone = timedelta(hours=-7)
        for _ in range(10):
            hours = [(datetime.fromisoformat(start) + zone).hour for start in times(look())]
            assert {day_part_of(hour).value for hour in hours} == {"morning", "afternoon", "evening"}

    def test_all_where_more_is_asked_for(self, look: Look) -> None:
        body = look(more=1)

        assert (len(body["shown"]), body["has_more"], body["exposure_id"]) == (body["total"], False, None)

    def test_in_the_order_of_time(self, look: Look) -> None:
        for _ in range(5):
            shown = times(look())
            assert shown == sorted(shown)


class TestWho:
    def test_the_same_visitor_is_shown_the_same(self, look: Look, anna: Resource) -> None:
        visitor = WidgetClient(anna.organization)

        assert times(look(visitor)) == times(look(visitor))

    def test_visitors_without_a_session_count_by_their_address(self, look: Look, anna: Resource) -> None:
        nobody = {"X-Session-Token": ""}

        assert times(look(headers=nobody)) == times(look(headers=nobody))

    @pytest.mark.parametrize("token", ["forged", "another business's"])
    def test_a_token_that_is_no_good_is_as_none(self, look: Look, token: str) -> None:
        if token != "forged":
            token = issue_session_token(SessionClaims(UUID(int=1), UUID(int=2)))

        assert times(look(headers={"X-Session-Token": token})) == times(look(headers={"X-Session-Token": ""}))

    def test_an_address_is_not_in_the_exposure_id(self, look: Look) -> None:
        visitor = draw_of(look(headers={"X-Session-Token": ""})["exposure_id"]).visitor

        assert visitor.startswith("~")
        assert "127.0.0.1" not in visitor


class TestHowLong:
    @pytest.mark.parametrize("process", ["the same", "another"])
    def test_seven_minutes_even_over_the_hour(
        self, look: Look, anna: Resource, set_now: Callable[[datetime], None], process: str
    ) -> None:
        visitor = WidgetClient(anna.organization)
        set_now(denver(14, 8, 58))
        before = look(visitor)
        set_now(denver(14, 9, 4) + timedelta(seconds=59))
        if process == "another":
            KEPT.clear()
            SEARCHES.clear()

        assert look(visitor) == before

        set_now(denver(14, 9, 5))
        assert draw_of(look(visitor)["exposure_id"]).hour == "2030-01-14T16"

    def test_what_fills_up_is_replaced_and_the_rest_stays(self, look: Look, anna: Resource) -> None:
        visitor = WidgetClient(anna.organization)
        before = times(look(visitor))
        gone = SlotInstance.objects.filter(start_at=before[0]).select_related("resource__location")
        for slot in gone:
            take(slot.resource, _visit(slot))

        after = times(look(visitor))

        assert before[0] not in after
        assert set(before) - {before[0]} <= set(after)  # two people may be shown at one time
        assert len(after) == len(before)

    def test_what_fills_up_between_two_processes_is_not_shown_either(
        self, look: Look, anna: Resource
    ) -> None:
        visitor = WidgetClient(anna.organization)
        before = times(look(visitor))
        for slot in SlotInstance.objects.filter(start_at__in=before).select_related("resource__location"):
            take(slot.resource, _visit(slot))
        KEPT.clear()
        SEARCHES.clear()

        assert not set(before) & set(times(look(visitor)))


class TestVariants:
    @pytest.mark.parametrize(
        ("asked", "used"),
        [("", "control"), ("control", "control"), ("show_all", "show_all"), ("x", "control")],
    )
    def test_the_header_selects_a_registered_one_and_says_which(
        self, look: Look, asked: str, used: str
    ) -> None:
        body = look(headers={"X-Exposure-Variant": asked})

        assert body["variant"] == used
        assert body["has_more"] == (used == "control")


class TestZones:
    def test_local_times_are_in_the_asked_for_zone_and_utc_stays(self, look: Look) -> None:
        body = look(timezone="Asia/Kathmandu")

        assert (body["timezone"], body["location_timezone"]) == ("Asia/Kathmandu", "America/Denver")
        for one in body["shown"]:
            assert one["local_start_at"].endswith("+05:45")
            assert datetime.fromisoformat(one["local_start_at"]) == datetime.fromisoformat(one["start_at"])
            assert datetime.fromisoformat(one["local_end_at"]) == datetime.fromisoformat(one["end_at"])

    def test_without_one_the_locations_counts(self, look: Look) -> None:
        assert {one["local_start_at"][-6:] for one in look()["shown"]} == {"-07:00"}


def test_an_exposure_id_and_what_was_free_give_the_set_again(anna: Resource, service: BookingService) -> None:
    visitor = WidgetClient(anna.organization)
    where = {"location_id": anna.location_id, "service_id": service.id, "date": TUESDAY}
    shown = visitor.get("/v1/slots", where).json()
    free = visitor.get("/v1/slots", where | {"more": 1}).json()["slots"]

    candidates = [
        Candidate(
            f"{one['start_at']}@{UUID(one['resource']['id']).hex}",
            day_part_of(datetime.fromisoformat(one["local_start_at"]).hour),
        )
        for one in free
    ]
    again = expose(candidates, draw_of(shown["exposure_id"]))

    assert {f"{one['start_at']}@{UUID(one['resource']['id']).hex}" for one in shown["slots"]} == set(
        again.names
    )


def _visit(slot: SlotInstance) -> Period:
    return Period(slot.start_at, slot.end_at)
