"""`/admin/v1/slots`: everything with its counters, and making it anew."""

from typing import Any

import pytest

from apps.availability.models import Resource, SlotInstance
from apps.core.ids import new_id
from tests.availability.support import at, take
from tests.factories.availability import PersonFactory, SlotFactory, WeeklyRuleFactory
from tests.staff_client import StaffClient
from tests.widget_client import problem

pytestmark = pytest.mark.django_db

WEEK = {"from": "2030-01-14", "to": "2030-01-20"}
DAY = {"from": "2030-01-16", "to": "2030-01-16"}
NEVER = {"from": "9999-12-30", "to": "9999-12-31"}


@pytest.fixture
def staff() -> StaffClient:
    return StaffClient()


@pytest.fixture
def person(staff: StaffClient) -> Resource:
    made: Resource = PersonFactory.create(location__organization=staff.organization)
    WeeklyRuleFactory.create(location=made.location)
    return made


class TestList:
    def test_shows_the_counters(self, staff: StaffClient) -> None:
        slot = SlotFactory.create(
            resource__location__organization=staff.organization, resource__capacity=3, capacity=3
        )
        take(slot.resource, at(0), party=2)

        (row,) = staff.get("slots", WEEK).json()["results"]

        assert row["id"] == str(slot.id)
        assert (row["capacity"], row["booked"], row["hold"], row["available"]) == (3, 2, 0, 1)
        assert (row["status"], row["closed"], row["start_at"]) == ("partial", False, "2030-01-14T17:00:00Z")
        assert row["resource"] == {"id": str(slot.resource_id), "name": slot.resource.name, "kind": "person"}

    def test_shows_what_customers_are_not_shown(self, staff: StaffClient) -> None:
        closed = SlotFactory.create(
            resource__location__organization=staff.organization, closed=True, status="blocked"
        )

        (row,) = staff.get("slots", WEEK).json()["results"]
        assert (row["id"], row["available"]) == (str(closed.id), 0)

    def test_filters(self, staff: StaffClient) -> None:
        one, other = (
            SlotFactory.create(resource__location__organization=staff.organization) for _ in range(2)
        )

        def found(**query: Any) -> list[str]:
            return [row["id"] for row in staff.get("slots", WEEK | query).json()["results"]]

        assert found() == [str(one.id), str(other.id)]
        assert found(resource_id=one.resource_id) == [str(one.id)]
        assert found(location_id=other.location_id) == [str(other.id)]
        assert found(status="full") == []
        assert found(**{"from": "2030-01-15"}) == []

    @pytest.mark.parametrize(
        ("field", "query"),
        [
            ("from", {"to": "2030-01-20"}),
            ("to", {"from": "2030-01-20", "to": "2030-01-19"}),
            ("to", {"from": "2030-01-20", "to": "2031-01-19"}),
            ("location_id", WEEK | {"location_id": "x"}),
            ("status", WEEK | {"status": "x"}),
            ("cursor", WEEK | {"cursor": "cD1ub3c="}),
        ],
    )
    def test_refuses_what_makes_no_sense(self, staff: StaffClient, field: str, query: dict[str, str]) -> None:
        response = staff.get("slots", query)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == [field]


class TestGenerate:
    def test_reports_what_it_did_and_a_second_run_changes_nothing(
        self, staff: StaffClient, person: Resource
    ) -> None:
        first = staff.post("slots/generate", DAY)
        second = staff.post("slots/generate", DAY)

        assert first.status_code == 200
        nothing = {"inserted": 0, "updated": 0, "deleted": 0, "closed": 0, "kept": 0, "later": 0}
        assert first.json() == nothing | {"inserted": 16}
        assert second.json() == nothing | {"kept": 16}

    def test_of_one_person(self, staff: StaffClient, person: Resource) -> None:
        colleague = PersonFactory.create(location=person.location)

        staff.post("slots/generate", DAY | {"resource_id": str(person.id)})

        assert SlotInstance.objects.filter(resource=person).count() == 16
        assert not SlotInstance.objects.filter(resource=colleague).exists()

    def test_of_one_location(self, staff: StaffClient, person: Resource) -> None:
        elsewhere = PersonFactory.create(location__organization=staff.organization)
        WeeklyRuleFactory.create(location=elsewhere.location)

        staff.post("slots/generate", DAY | {"location_id": str(elsewhere.location_id)})

        assert set(SlotInstance.objects.values_list("resource", flat=True)) == {elsewhere.id}

    def test_never_of_another_business(self, staff: StaffClient, person: Resource) -> None:
        foreign = PersonFactory.create()
        WeeklyRuleFactory.create(location=foreign.location)

        staff.post("slots/generate", DAY)

        assert set(SlotInstance.objects.values_list("resource", flat=True)) == {person.id}

    def test_a_repeated_key_gets_the_first_report(self, staff: StaffClient, person: Resource) -> None:
        first = staff.post("slots/generate", DAY, key="once")
        again = staff.post("slots/generate", DAY, key="once")
        other = staff.post("slots/generate", WEEK, key="once")

        assert again.json() == first.json()
        assert again["Idempotent-Replayed"] == "true"
        assert problem(other) == (422, "IDEMPOTENCY_KEY_REUSED")
        assert SlotInstance.objects.count() == 16

    @pytest.mark.parametrize("place", ["location_id", "resource_id"])
    def test_of_what_is_not_there(self, staff: StaffClient, place: str) -> None:
        assert problem(staff.post("slots/generate", DAY | {place: str(new_id())})) == (404, "NOT_FOUND")

    def test_of_a_person_who_works_elsewhere(self, staff: StaffClient, person: Resource) -> None:
        elsewhere = PersonFactory.create(location__organization=staff.organization)
        places = {"location_id": str(elsewhere.location_id), "resource_id": str(person.id)}

        assert problem(staff.post("slots/generate", DAY | places)) == (404, "NOT_FOUND")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"from": "x", "to": "y"},
            {"from": "2030-01-01", "to": "2033-01-01"},
            {"from": "9999-12-30", "to": "9999-12-31"},
            DAY | {"force": 1},
        ],
    )
    def test_refuses_what_makes_no_sense(self, staff: StaffClient, body: dict[str, Any]) -> None:
        assert problem(staff.post("slots/generate", body)) == (400, "VALIDATION_ERROR")

    def test_needs_a_key(self, staff: StaffClient) -> None:
        assert problem(staff.post("slots/generate", DAY, key=None)) == (400, "IDEMPOTENCY_KEY_MISSING")


class TestExplain:
    def test_says_why_a_time_is_missing(self, staff: StaffClient, person: Resource) -> None:
        staff.post("slots/generate", DAY)
        take(person, at(2 * 24 * 60))
        place = {"location_id": str(person.location_id)}

        free = staff.get("slots/explain", {"at": "2030-01-16T09:00", **place}).json()
        taken = staff.get("slots/explain", {"at": "2030-01-16T17:00Z", **place}).json()
        night = staff.get("slots/explain", {"at": "2030-01-16T03:00", **place}).json()

        assert (free["offered"], free["start_at"]) == (True, "2030-01-16T16:00:00Z")
        assert (taken["offered"], night["offered"]) == (False, False)
        (one,) = taken["resources"]
        assert (one["resource_id"], one["name"]) == (str(person.id), person.name)
        assert "blocks" in {reason["verdict"] for reason in one["reasons"]}
        assert taken["headline"]

    def test_knows_that_some_times_do_not_exist(self, staff: StaffClient, person: Resource) -> None:
        query = {"at": "2030-03-10T02:30", "resource_id": str(person.id)}

        assert staff.get("slots/explain", query).json()["start_at"] is None

    @pytest.mark.parametrize(
        ("field", "query"),
        [
            ("at", {}),
            ("at", {"at": "noon"}),
            ("at", {"at": "0001-01-01T00:00"}),
            ("at", {"at": "9999-12-31T23:59Z"}),
            ("location_id", {"at": "2030-01-16T09:00", "location_id": None}),
            ("party", {"at": "2030-01-16T09:00", "party": "0"}),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, staff: StaffClient, person: Resource, field: str, query: dict[str, Any]
    ) -> None:
        asked = {"location_id": str(person.location_id), **query}
        response = staff.get(
            "slots/explain", {name: value for name, value in asked.items() if value is not None}
        )

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == [field]
