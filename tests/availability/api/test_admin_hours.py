"""`/admin/v1/availabilities`: hours, previews, holidays."""

from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.availability.models import AvailabilityRule, Resource, SlotInstance
from apps.core.outbox import relay_batch
from tests.factories.availability import PersonFactory, WeeklyRuleFactory
from tests.staff_client import StaffClient
from tests.widget_client import problem

pytestmark = pytest.mark.django_db

SATURDAYS = {"rule_kind": "WEEKLY", "days_of_week": [6], "start_time": "09:00", "end_time": "12:00"}


@pytest.fixture
def staff() -> StaffClient:
    return StaffClient(role="scheduler")


@pytest.fixture
def person(staff: StaffClient) -> Resource:
    made: Resource = PersonFactory.create(location__organization=staff.organization)
    return made


def add(staff: StaffClient, person: Resource, **values: Any) -> Any:
    options = {"key": values.pop("key")} if "key" in values else {}
    body = {"location_id": str(person.location_id), **SATURDAYS, **values}
    return staff.post("availabilities", body, **options)


class TestAdding:
    def test_gives_the_rule_and_says_what_became_of_the_slots(
        self, staff: StaffClient, person: Resource
    ) -> None:
        response = add(staff, person, resource_id=str(person.id), note="Market day")
        rule = response.json()["rule"]

        assert response.status_code == 201
        assert (rule["resource_id"], rule["days_of_week"], rule["note"]) == (
            str(person.id),
            [6],
            "Market day",
        )
        assert (rule["start_time"], rule["end_time"]) == ("09:00:00", "12:00:00")
        made = SlotInstance.objects.filter(resource=person).count()
        assert response.json()["report"]["inserted"] == made > 0

    def test_that_concerns_many_leaves_their_slots_to_a_worker(
        self, staff: StaffClient, person: Resource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Everybody's locks are held until the transaction of the key ends: not while slots are made."""
        monkeypatch.setattr("apps.availability.commands.generate_slots.RESOURCE_DAYS_A_BATCH", 17)
        PersonFactory.create(location=person.location)

        response = add(staff, person, key="once")

        assert response.status_code == 201
        nothing = dict.fromkeys(["inserted", "updated", "deleted", "closed", "kept"], 0)
        # Two people's nine Saturdays, of which the first was two days ago.
        assert response.json()["report"] == nothing | {"later": 18}
        assert not SlotInstance.objects.exists()
        assert add(staff, person, key="once").json() == response.json()

        relay_batch()

        assert SlotInstance.objects.values("resource", "date").distinct().count() == 16

    def test_happens_once_per_key(self, staff: StaffClient, person: Resource) -> None:
        body = {"location_id": str(person.location_id), **SATURDAYS}
        first = staff.post("availabilities", body, key="once")
        again = staff.post("availabilities", body, key="once")

        assert again.json() == first.json()
        assert AvailabilityRule.objects.count() == 1

    def test_names_the_hours_that_are_in_the_way(self, staff: StaffClient, person: Resource) -> None:
        first = add(staff, person).json()["rule"]["id"]

        response = add(staff, person, start_time="11:00", end_time="14:00")

        assert problem(response) == (409, "RULE_OVERLAP")
        assert response.json()["rule_id"] == first

    def test_a_closed_day_needs_no_times(self, staff: StaffClient, person: Resource) -> None:
        response = staff.post(
            "availabilities",
            {
                "location_id": str(person.location_id),
                "rule_kind": "EXCEPTION",
                "valid_from": "2030-02-01",
                "valid_to": "2030-02-01",
                "is_closed": True,
            },
        )

        assert response.status_code == 201
        assert response.json()["rule"]["is_closed"] is True

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("days_of_week", {"days_of_week": []}),
            ("days_of_week.0", {"days_of_week": [8]}),
            ("start_time", {"start_time": "25:00"}),
            ("rule_kind", {"rule_kind": "DAILY"}),
            ("valid_from", {"rule_kind": "EXCEPTION", "valid_to": "2030-02-01"}),
            ("valid_to", {"valid_from": "2030-01-01", "valid_to": "9999-12-31"}),
            ("slot_capacity", {"slot_capacity": 0}),
            ("slot_granularity_minutes", {"slot_granularity_minutes": 0}),
            ("slot_duration_minutes", {"slot_duration_minutes": 240}),
            ("note", {"note": "x" * 121}),
            ("priority", {"priority": 1}),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, staff: StaffClient, person: Resource, field: str, change: dict[str, Any]
    ) -> None:
        response = add(staff, person, **change)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert field in response.json()["errors"]

    def test_open_hours_say_from_when_to_when(self, staff: StaffClient, person: Resource) -> None:
        body = {"location_id": str(person.location_id), "rule_kind": "WEEKLY", "days_of_week": [6]}

        assert sorted(staff.post("availabilities", body).json()["errors"]) == ["end_time", "start_time"]


class TestChangingAndRemoving:
    @pytest.fixture
    def rule(self, person: Resource) -> AvailabilityRule:
        made: AvailabilityRule = WeeklyRuleFactory.create(location=person.location, resource=person)
        return made

    def test_changes_what_is_named(self, staff: StaffClient, rule: AvailabilityRule) -> None:
        response = staff.patch(f"availabilities/{rule.id}", {"end_time": "15:00"})
        changed = response.json()["rule"]

        assert (changed["start_time"], changed["end_time"]) == ("09:00:00", "15:00:00")
        assert changed["days_of_week"] == [1, 2, 3, 4, 5]
        assert changed["slot_granularity_minutes"] == 30

    def test_hours_can_go_to_the_whole_location(self, staff: StaffClient, rule: AvailabilityRule) -> None:
        response = staff.patch(f"availabilities/{rule.id}", {"resource_id": None})

        assert response.json()["rule"]["resource_id"] is None

    def test_removing_takes_the_free_slots(
        self, staff: StaffClient, person: Resource, rule: AvailabilityRule
    ) -> None:
        staff.post("slots/generate", {"from": "2030-01-14", "to": "2030-01-20"})
        before = SlotInstance.objects.count()

        response = staff.delete(f"availabilities/{rule.id}")

        assert response.status_code == 200
        assert response.json()["report"]["deleted"] == before > 0
        assert not AvailabilityRule.objects.exists()
        assert not SlotInstance.objects.exists()
        assert AuditEntry.objects.get(action="availability.rule.removed").actor_id == str(
            staff.membership.user_id
        )

    def test_a_preview_says_what_would_come_and_writes_nothing(
        self, staff: StaffClient, person: Resource, rule: AvailabilityRule
    ) -> None:
        where = {"location_id": str(person.location_id)}
        adding = staff.post("availabilities/preview", {**where, "rule": {**where, **SATURDAYS}, "days": 14})
        removing = staff.post("availabilities/preview", {**where, "rule_id": str(rule.id), "days": 14})

        assert adding.status_code == 200
        assert adding.json()["conflict"] is None
        assert removing.json()["added"] == []
        first = removing.json()["removed"][0]
        assert (first["start_at"], first["resource_id"]) == ("2030-01-14T16:00:00Z", str(person.id))
        assert AvailabilityRule.objects.count() == 1
        assert not SlotInstance.objects.exists()

    @pytest.mark.parametrize("body", [{}, {"days": 14}, {"days": 93, "rule_id": "x"}, {"rule": {}}])
    def test_a_preview_of_nothing_is_a_mistake(
        self, staff: StaffClient, person: Resource, body: dict[str, Any]
    ) -> None:
        response = staff.post("availabilities/preview", {"location_id": str(person.location_id), **body})

        assert problem(response) == (400, "VALIDATION_ERROR")


class TestHolidays:
    def load(self, staff: StaffClient, person: Resource, **values: Any) -> Any:
        body = {"location_id": str(person.location_id), "country": "us", "years": [2030], **values}
        return staff.post("availabilities/holidays", body)

    def test_close_the_location_and_a_second_import_keeps_them(
        self, staff: StaffClient, person: Resource
    ) -> None:
        first = self.load(staff, person, subdivision="CO").json()
        second = self.load(staff, person, subdivision="CO").json()

        assert {"date": "2030-07-04", "name": "Independence Day"} in first["added"]
        assert (second["added"], second["kept"]) == ([], first["added"])

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("country", {"country": "USA"}),
            ("country", {"country": "XX"}),
            ("subdivision", {"subdivision": "ZZ"}),
            ("years", {"years": []}),
            ("years", {"years": list(range(2030, 2040))}),
            ("years.0", {"years": [1]}),
        ],
    )
    def test_refuses_places_and_years_that_it_does_not_know(
        self, staff: StaffClient, person: Resource, field: str, change: dict[str, Any]
    ) -> None:
        response = self.load(staff, person, **change)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == [field]


class TestReading:
    def test_by_location_person_and_kind(self, staff: StaffClient, person: Resource) -> None:
        shared = WeeklyRuleFactory.create(location=person.location)
        own = WeeklyRuleFactory.create(location=person.location, resource=person)

        def found(**query: Any) -> list[str]:
            return [row["id"] for row in staff.get("availabilities", query).json()["results"]]

        assert found(location_id=person.location_id) == [str(shared.id), str(own.id)]
        assert found(resource_id=person.id) == [str(own.id)]
        assert found(rule_kind="EXCEPTION") == []
        assert staff.get(f"availabilities/{own.id}").json()["resource_id"] == str(person.id)
