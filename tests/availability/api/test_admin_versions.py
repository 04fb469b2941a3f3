"""`/admin/v1`: nobody overwrites what they have not read."""

from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.availability.models import AvailabilityRule, CalendarEvent, Resource
from tests.factories.availability import PersonFactory, WeeklyRuleFactory
from tests.staff_client import StaffClient
from tests.widget_client import problem

pytestmark = pytest.mark.django_db

LUNCH = {"type": "break", "start_date": "2030-01-15", "start_time": "12:00", "duration_minutes": 60}


@pytest.fixture
def staff() -> StaffClient:
    return StaffClient(role="admin")


@pytest.fixture
def person(staff: StaffClient) -> Resource:
    made: Resource = PersonFactory.create(location__organization=staff.organization, name="Ada")
    return made


def path_of(kind: str, staff: StaffClient, person: Resource) -> str:
    if kind == "hours":
        rule = WeeklyRuleFactory.create(location=person.location, resource=person)
        return f"availabilities/{rule.id}"
    if kind == "time off":
        made = staff.post("calendar-events/time-off", {"resource_id": str(person.id), **LUNCH}).json()
        return f"calendar-events/time-off/{made['time_off']['id']}"
    return {"person": f"people/{person.id}", "location": f"locations/{person.location_id}"}[kind]


def inner(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body.get("rule") or body.get("time_off") or body
    return found


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("hours", {"note": "Theirs"}, {"note": "Mine"}),
        ("time off", {"note": "Theirs"}, {"note": "Mine"}),
        ("person", {"name": "Theirs"}, {"name": "Mine"}),
        ("location", {"name": "Theirs"}, {"name": "Mine"}),
    ],
)
class TestExpectedVersion:
    def test_of_two_who_read_the_same_the_second_is_told(
        self, staff: StaffClient, person: Resource, kind: str, first: dict[str, Any], second: dict[str, Any]
    ) -> None:
        path = path_of(kind, staff, person)
        version = inner(staff.get(path).json())["version"]

        assert staff.patch(path, {**first, "expected_version": version}).status_code == 200
        refused = staff.patch(path, {**second, "expected_version": version})

        assert problem(refused) == (409, "STALE_VERSION")
        current = inner(refused.json()["current"])
        assert "Theirs" in current.values()
        assert current["version"] == refused.json()["current_version"] != version
        again = staff.patch(path, {**second, "expected_version": current["version"]})
        assert "Mine" in inner(again.json()).values()

    def test_without_one_the_last_one_wins(
        self, staff: StaffClient, person: Resource, kind: str, first: dict[str, Any], second: dict[str, Any]
    ) -> None:
        path = path_of(kind, staff, person)

        assert staff.patch(path, first).status_code == staff.patch(path, second).status_code == 200

    def test_alone_it_changes_nothing(
        self, staff: StaffClient, person: Resource, kind: str, first: dict[str, Any], second: dict[str, Any]
    ) -> None:
        refused = staff.patch(path_of(kind, staff, person), {"expected_version": 1})

        assert problem(refused) == (400, "VALIDATION_ERROR")


def test_a_version_speaks_about_a_change_not_about_something_new(
    staff: StaffClient, person: Resource
) -> None:
    new = {"resource_id": str(person.id), **LUNCH, "expected_version": 1}

    assert staff.post("calendar-events/time-off", new).json()["errors"].keys() == {"expected_version"}


class TestReminder:
    REMIND = {"starts_at": "2030-01-15T16:00:00Z", "note": "Order towels"}

    def test_is_put_off_and_reworded(self, staff: StaffClient, person: Resource) -> None:
        made = staff.post("calendar-events/reminders", self.REMIND).json()

        changed = staff.patch(
            f"calendar-events/reminders/{made['id']}",
            {"starts_at": "2030-01-16T16:00:00Z", "resource_id": str(person.id)},
        ).json()

        event = CalendarEvent.objects.get(id=made["id"])
        assert (changed["starts_at"], changed["ends_at"], changed["note"]) == (
            "2030-01-16T16:00:00Z",
            "2030-01-16T16:15:00Z",
            "Order towels",
        )
        assert (event.resource_id, event.occupied.lower, event.active) == (person.id, event.starts_at, False)
        entry = AuditEntry.objects.get(action="availability.reminder.changed")
        assert "towels" not in str(entry.new)

    def test_is_not_changed_by_whoever_has_read_an_older_one(self, staff: StaffClient) -> None:
        made = staff.post("calendar-events/reminders", self.REMIND).json()
        path = f"calendar-events/reminders/{made['id']}"
        staff.patch(path, {"note": "Order soap"})

        refused = staff.patch(path, {"note": "Mine", "expected_version": made["version"]})

        assert refused.json()["current"]["note"] == "Order soap"

    def test_of_another_business_is_not_there(self, staff: StaffClient) -> None:
        made = staff.post("calendar-events/reminders", self.REMIND).json()

        refused = StaffClient(role="admin").patch(f"calendar-events/reminders/{made['id']}", {"note": "x"})

        assert problem(refused) == (404, "NOT_FOUND")


class TestCopyWeek:
    def test_gives_others_the_same_weekly_hours(self, staff: StaffClient, person: Resource) -> None:
        WeeklyRuleFactory.create(location=person.location, resource=person)
        other = PersonFactory.create(location=person.location)

        answer = staff.post(
            "availabilities/copy-week", {"source_id": str(person.id), "target_ids": [str(other.id)]}
        )

        assert [rule["resource_id"] for rule in answer.json()["rules"]] == [str(other.id)]
        assert AvailabilityRule.objects.filter(resource=other).count() == 1

    def test_says_whose_week_is_empty(self, staff: StaffClient, person: Resource) -> None:
        other = PersonFactory.create(location=person.location)

        refused = staff.post(
            "availabilities/copy-week", {"source_id": str(person.id), "target_ids": [str(other.id)]}
        )

        assert "no weekly hours" in refused.json()["errors"]["source_id"][0]
