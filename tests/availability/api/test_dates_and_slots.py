"""GET /v1/dates and GET /v1/slots."""

from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.api.kept import KEPT
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import Resource
from apps.availability.offering.reading import SEARCHES
from tests.availability.support import at, take
from tests.factories.availability import LocationFactory, PersonFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Resource:
    anna = PersonFactory(name="Anna")
    WeeklyRuleFactory(location=anna.location, end_time=time(12))
    generate_slots(organization=anna.organization, last=date(2030, 1, 20))
    return anna


@pytest.fixture
def widget(anna: Resource) -> WidgetClient:
    return WidgetClient(anna.organization)


def slots(widget: WidgetClient, where: Any, **params: Any) -> Any:
    return widget.get("/v1/slots", {"location_id": where, "date": "2030-01-14", "more": 1} | params)


def dates(widget: WidgetClient, where: Any, **params: Any) -> Any:
    return widget.get("/v1/dates", {"location_id": where, "from": "2030-01-14", "to": "2030-01-20"} | params)


class TestDates:
    def test_count_the_starts_of_each_day_that_has_one(self, widget: WidgetClient, anna: Resource) -> None:
        take(anna, at(0))

        assert dates(widget, anna.location_id).json() == {
            "timezone": "America/Denver",
            "dates": [
                {"date": "2030-01-14", "available": 5},
                *({"date": f"2030-01-{day}", "available": 6} for day in (15, 16, 17, 18)),
            ],
        }

    def test_of_one_person(self, widget: WidgetClient, anna: Resource) -> None:
        params = {"resource_id": anna.id, "from": "2030-01-14", "to": "2030-01-14"}

        assert widget.get("/v1/dates", params).json()["dates"] == [{"date": "2030-01-14", "available": 6}]

    def test_of_a_service(self, widget: WidgetClient, anna: Resource) -> None:
        service = ServiceFactory(organization=anna.organization, duration_minutes=120)

        assert dates(widget, anna.location_id, service_id=service.id).json()["dates"][0]["available"] == 3

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"from": ""}, "from"),
            ({"from": "14.01.2030"}, "from"),
            ({"from": "2030-02-30"}, "from"),
            ({"to": "2030-01-13"}, "to"),
            ({"to": "2030-06-01"}, "to"),
            ({"location_id": "7"}, "location_id"),
            ({"page": "1"}, "page"),
        ],
    )
    def test_bad_input_is_named(
        self, widget: WidgetClient, anna: Resource, wrong: dict[str, str], field: str
    ) -> None:
        response = dates(widget, anna.location_id, **wrong)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == [field]

    def test_somewhere_must_be_named(self, widget: WidgetClient) -> None:
        response = widget.get("/v1/dates", {"from": "2030-01-14", "to": "2030-01-14"})

        assert problem(response) == (400, "VALIDATION_ERROR")

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_the_ends_of_time_have_nothing(self, widget: WidgetClient, anna: Resource, day: str) -> None:
        response = dates(widget, anna.location_id, **{"from": day, "to": day})

        assert response.json()["dates"] == []


class TestSlots:
    def test_list_the_free_starts_of_a_day(self, widget: WidgetClient, anna: Resource) -> None:
        take(anna, at(0))
        body = slots(widget, anna.location_id).json()

        assert {key: body[key] for key in ("timezone", "date", "total", "has_more")} == {
            "timezone": "America/Denver",
            "date": "2030-01-14",
            "total": 5,
            "has_more": False,
        }
        first = body["slots"][0]
        assert first.pop("id")
        assert first.pop("local_start_at") == "2030-01-14T09:00:00-07:00"
        assert first.pop("local_end_at") == "2030-01-14T09:30:00-07:00"
        assert first == {
            "start_at": "2030-01-14T16:00:00Z",
            "end_at": "2030-01-14T16:30:00Z",
            "capacity": 1,
            "available": 1,
            "resource": {"id": str(anna.id), "name": "Anna"},
        }

    def test_a_day_without_any_is_empty(self, widget: WidgetClient, anna: Resource) -> None:
        body = slots(widget, anna.location_id, date="2030-01-19").json()

        assert (body["slots"], body["total"]) == ([], 0)

    def test_what_is_listed_can_be_held(self, widget: WidgetClient, anna: Resource) -> None:
        for listed in slots(widget, anna.location_id).json()["slots"]:
            somebody = WidgetClient(anna.organization)  # one visitor may hold a few only
            assert somebody.post("/v1/holds", {"slot_id": listed["id"]}).status_code == 201

        assert slots(widget, anna.location_id).json()["slots"] == []

    def test_the_same_number_of_queries_whatever_there_is(self, widget: WidgetClient, anna: Resource) -> None:
        def cost() -> int:
            KEPT.clear()
            SEARCHES.clear()
            with CaptureQueriesContext(connection) as queries:
                assert slots(widget, anna.location_id).status_code == 200
            return len(queries)

        slots(widget, anna.location_id)  # from now on the key is known
        before = cost()
        for _ in range(3):
            take(PersonFactory(location=anna.location), at(0))
        generate_slots(organization=anna.organization, last=date(2030, 1, 20))

        assert cost() == before

    @pytest.mark.parametrize(
        "wrong",
        [{"date": "tomorrow"}, {"date": ""}, {"service_id": "x"}, {"resource_id": "1"}, {"colour": "red"}],
    )
    def test_bad_input_is_named(self, widget: WidgetClient, anna: Resource, wrong: dict[str, str]) -> None:
        response = slots(widget, anna.location_id, **wrong)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == list(wrong)


class TestTenants:
    @pytest.mark.parametrize("path", ["/v1/dates", "/v1/slots"])
    def test_another_businesss_ids_do_not_exist(
        self, widget: WidgetClient, anna: Resource, path: str
    ) -> None:
        stranger = PersonFactory()
        service = ServiceFactory(organization=stranger.organization)
        when = {"date": "2030-01-14"} if path == "/v1/slots" else {"from": "2030-01-14", "to": "2030-01-14"}

        for where in (
            {"location_id": stranger.location_id},
            {"resource_id": stranger.id},
            {"location_id": anna.location_id, "resource_id": stranger.id},
            {"location_id": anna.location_id, "service_id": service.id},
            {"location_id": uuid4()},
        ):
            assert problem(widget.get(path, where | when)) == (404, "NOT_FOUND"), where

    def test_a_person_of_another_branch_does_not_work_here(
        self, widget: WidgetClient, anna: Resource
    ) -> None:
        elsewhere = PersonFactory(location=LocationFactory(organization=anna.organization))

        assert problem(slots(widget, anna.location_id, resource_id=elsewhere.id)) == (404, "NOT_FOUND")

    @pytest.mark.parametrize("what", ["location", "person", "service"])
    def test_what_is_switched_off_does_not_exist(
        self, widget: WidgetClient, anna: Resource, what: str
    ) -> None:
        service = ServiceFactory(organization=anna.organization)
        gone: Any = {"location": anna.location, "person": anna, "service": service}[what]
        gone.active = False
        gone.save()
        params = {"resource_id": anna.id} if what == "person" else {"service_id": service.id}

        assert problem(slots(widget, anna.location_id, **params)) == (404, "NOT_FOUND")
