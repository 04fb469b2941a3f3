"""`/admin/v1/calendar-events`: calendars, time off, reminders."""

from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.availability.models import CalendarEvent, EventType, Resource, TimeOff
from tests.availability.support import at, take
from tests.factories.availability import TEN_O_CLOCK, PersonFactory
from tests.staff_client import StaffClient
from tests.widget_client import problem

pytestmark = pytest.mark.django_db

DAY = {"from": "2030-01-15T00:00:00Z", "to": "2030-01-16T07:00:00Z"}
LUNCH = {"type": "break", "start_date": "2030-01-15", "start_time": "12:00", "duration_minutes": 60}


@pytest.fixture
def staff() -> StaffClient:
    return StaffClient(role="frontdesk")


@pytest.fixture
def person(staff: StaffClient) -> Resource:
    made: Resource = PersonFactory.create(location__organization=staff.organization)
    return made


def away(staff: StaffClient, person: Resource, **values: Any) -> Any:
    return staff.post("calendar-events/time-off", {"resource_id": str(person.id), **LUNCH, **values})


def events(staff: StaffClient, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = staff.get("calendar-events", {**DAY, **query}).json()["results"]
    return found


class TestTimeOff:
    def test_is_in_the_calendar_at_once(self, staff: StaffClient, person: Resource) -> None:
        response = away(staff, person, note="Dentist")
        body = response.json()

        assert response.status_code == 201
        assert (body["time_off"]["type"], body["in_the_way"]) == ("break", [])
        (event,) = events(staff)
        assert (event["type"], event["starts_at"], event["ends_at"]) == (
            "break",
            "2030-01-15T19:00:00Z",
            "2030-01-15T20:00:00Z",
        )
        assert (event["time_off_id"], event["resource_id"], event["seats"]) == (
            body["time_off"]["id"],
            str(person.id),
            1,
        )

    def test_repeats(self, staff: StaffClient, person: Resource) -> None:
        away(staff, person, rrule="FREQ=WEEKLY;BYDAY=TU,TH")

        found = events(staff, to="2030-02-01T00:00:00Z")
        assert [event["starts_at"][8:10] for event in found] == ["15", "17", "22", "24", "29", "31"]

    def test_a_repetition_that_cannot_be_read_is_refused(self, staff: StaffClient, person: Resource) -> None:
        assert problem(away(staff, person, rrule="FREQ=HOURLY")) == (422, "INVALID_RECURRENCE")
        assert not TimeOff.objects.exists()

    def test_happens_once_per_key(self, staff: StaffClient, person: Resource) -> None:
        body = {"resource_id": str(person.id), **LUNCH}
        staff.post("calendar-events/time-off", body, key="once")
        staff.post("calendar-events/time-off", body, key="once")

        assert TimeOff.objects.count() == 1

    def test_changes_what_is_named(self, staff: StaffClient, person: Resource) -> None:
        time_off_id = away(staff, person, note="Dentist").json()["time_off"]["id"]

        response = staff.patch(f"calendar-events/time-off/{time_off_id}", {"start_time": "13:00"})

        assert response.status_code == 200
        assert response.json()["time_off"]["note"] == "Dentist"
        assert [event["starts_at"] for event in events(staff)] == ["2030-01-15T20:00:00Z"]

    def test_can_be_cancelled_once(self, staff: StaffClient, person: Resource) -> None:
        path = f"calendar-events/time-off/{away(staff, person).json()['time_off']['id']}"

        first, second = staff.delete(path), staff.delete(path)

        assert first.status_code == 200
        assert first.json()["cancelled_at"] is not None
        assert problem(second) == (404, "NOT_FOUND")
        assert events(staff) == []
        assert problem(staff.get(path)) == (404, "NOT_FOUND")

    def test_is_listed_by_whom_and_what(self, staff: StaffClient, person: Resource) -> None:
        time_off_id = away(staff, person).json()["time_off"]["id"]
        colleague = PersonFactory.create(location=person.location)

        def found(**query: Any) -> list[str]:
            return [row["id"] for row in staff.get("calendar-events/time-off", query).json()["results"]]

        assert found() == found(location_id=person.location_id) == found(type="break") == [time_off_id]
        assert found(resource_id=colleague.id) == found(type="vacation") == []

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("type", {"type": "customer"}),
            ("start_date", {"start_date": "2030-13-01"}),
            ("start_date", {"start_date": "0001-01-01"}),
            ("duration_minutes", {"duration_minutes": 0}),
            ("duration_minutes", {"duration_minutes": 600_000}),
            ("rrule", {"rrule": "x" * 501}),
            ("ends_at", {"ends_at": "2030-01-15T20:00:00Z"}),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, staff: StaffClient, person: Resource, field: str, change: dict[str, Any]
    ) -> None:
        response = away(staff, person, **change)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == [field]


class TestReminders:
    def remind(self, staff: StaffClient, **values: Any) -> Any:
        body = {"starts_at": "2030-01-15T17:00:00Z", "note": "Order filters", **values}
        return staff.post("calendar-events/reminders", body)

    def test_take_nobodys_time(self, staff: StaffClient, person: Resource) -> None:
        response = self.remind(staff, resource_id=str(person.id))

        assert response.status_code == 201
        (event,) = events(staff)
        assert (event["type"], event["note"], event["seats"]) == ("reminder", "Order filters", 0)
        assert (event["id"], event["ends_at"]) == (response.json()["id"], "2030-01-15T17:15:00Z")

    def test_for_everybody_are_in_everybodys_calendar(self, staff: StaffClient, person: Resource) -> None:
        self.remind(staff)

        assert len(events(staff, resource_id=person.id)) == 1
        assert len(events(staff, location_id=person.location_id)) == 1

    def test_go_and_the_log_keeps_that_they_were_there(self, staff: StaffClient) -> None:
        path = f"calendar-events/reminders/{self.remind(staff).json()['id']}"

        assert staff.delete(path).status_code == 204
        assert events(staff) == []
        assert AuditEntry.objects.filter(action="availability.reminder.cancelled").exists()

    def test_a_visit_is_no_reminder(self, staff: StaffClient, person: Resource) -> None:
        event = take(person, at(0))

        assert problem(staff.delete(f"calendar-events/reminders/{event.id}")) == (404, "NOT_FOUND")
        assert CalendarEvent.objects.filter(id=event.id, active=True).exists()

    @pytest.mark.parametrize(
        "change", [{"note": ""}, {"starts_at": "tomorrow"}, {"duration_minutes": 1441}, {"resource_id": 5}]
    )
    def test_refuse_what_makes_no_sense(self, staff: StaffClient, change: dict[str, Any]) -> None:
        assert problem(self.remind(staff, **change)) == (400, "VALIDATION_ERROR")


class TestCalendar:
    MONDAY = {"from": "2030-01-14T00:00:00Z", "to": "2030-01-15T00:00:00Z"}

    def test_leaves_out_what_has_been_freed_and_holds_that_are_over(
        self, staff: StaffClient, person: Resource
    ) -> None:
        take(person, at(0), expires_at=TEN_O_CLOCK)
        take(person, at(60), expires_at=TEN_O_CLOCK.replace(hour=14))
        freed = take(person, at(120))
        CalendarEvent.objects.filter(id=freed.id).update(active=False)

        assert [(event["type"]) for event in events(staff, **self.MONDAY)] == ["hold"]

    def test_by_kind_person_and_place(self, staff: StaffClient, person: Resource) -> None:
        colleague = PersonFactory.create(location__organization=staff.organization)
        take(person, at(0))
        take(colleague, at(30), kind=EventType.BLOCKED)

        def kinds(**query: Any) -> list[str]:
            return [event["type"] for event in events(staff, **self.MONDAY, **query)]

        assert kinds() == ["meeting", "blocked"]
        assert kinds(resource_id=person.id) == kinds(location_id=person.location_id) == ["meeting"]
        assert kinds(type="blocked") == ["blocked"]

    def test_what_reaches_into_the_time_is_in_it(self, staff: StaffClient, person: Resource) -> None:
        take(person, at(0, 60))

        assert len(events(staff, **{"from": "2030-01-14T17:59:00Z"})) == 1
        assert events(staff, **{"from": "2030-01-14T18:00:00Z"}) == []

    def test_pages_in_the_order_of_time(
        self, staff: StaffClient, person: Resource, django_assert_num_queries: Any
    ) -> None:
        for start in (90, 0, 60, 30):
            take(person, at(start))
        starts = []
        link = None
        for _ in range(2):
            with django_assert_num_queries(3):
                page = (
                    staff.client.get(link, headers={"Authorization": f"Bearer {staff.access}"})
                    if link
                    else staff.get("calendar-events", {**self.MONDAY, "page_size": 2})
                ).json()
            starts += [event["starts_at"][11:16] for event in page["results"]]
            link = page["next"]

        assert (starts, link) == (["17:00", "17:30", "18:00", "18:30"], None)

    @pytest.mark.parametrize(
        ("field", "query"),
        [
            ("from", {"from": "x"}),
            ("to", {"to": "2030-01-15T00:00:00Z"}),
            ("to", {"to": "2031-01-15T00:00:00Z"}),
            ("type", {"type": "party"}),
        ],
    )
    def test_refuses_what_makes_no_sense(self, staff: StaffClient, field: str, query: dict[str, str]) -> None:
        response = staff.get("calendar-events", {**DAY, **query})

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == [field]
