"""Whatever is sent to `/admin/v1`, it is answered: with what was asked for, or with what is wrong with it."""

import json
from typing import Any

import pytest

from apps.availability.models import Resource
from apps.bookings.models import Customer, Identity
from tests.factories.availability import PersonFactory, WeeklyRuleFactory
from tests.factories.bookings import CheckoutQuestionFactory
from tests.staff_client import StaffClient

pytestmark = pytest.mark.django_db

STRANGE: list[Any] = [
    *(None, True, -1, 0, 1.5, 10**30, [], {}, [None], {"a": []}, "", " ", "\x00", "\ud800", "é" * 600, "%"),
    *("0001-01-01", "9999-12-31", "2030-02-30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *("24:00", "00:00", "-1", "1e9", "NaN", "00000000-0000-0000-0000-000000000000", "FREQ=YEARLY;COUNT=9999"),
]
WEEKLY = {"rule_kind": "WEEKLY", "days_of_week": [6], "start_time": "09:00", "end_time": "12:00"}
DATED = {"rule_kind": "DATE_RANGE", "valid_from": "2030-02-01", "valid_to": "2030-02-03", "is_closed": True}
# A body that is in order; each of its fields becomes strange in turn.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "auth/token"): {"email": "a@example.com", "password": "x", "organization": "x"},
    ("POST", "auth/refresh"): {"refresh": "a.b.c"},
    ("POST", "auth/logout"): {"refresh": "a.b.c"},
    ("POST", "locations"): {
        "name": "New",
        "timezone": "America/Denver",
        "sells_from": "pool",
        "address": "1 Quay",
        "phone_number": "+13035550142",
        "active": True,
        "pool_capacity": 2,
    },
    ("PATCH", "locations/{location}"): {"name": "Old", "timezone": "Europe/Paris", "active": False},
    ("POST", "locations/{location}/sells-from/preview"): {"sells_from": "pool"},
    ("POST", "people"): {
        "location_id": "{location}",
        "name": "Maria",
        "skills": ["gas"],
        "buffer_before_minutes": 5,
        "daily_cap": 4,
    },
    ("POST", "resources"): {"location_id": "{location}", "name": "Bay", "kind": "room", "capacity": 2},
    ("PATCH", "people/{person}"): {"name": "Ada", "skills": [], "daily_cap": None, "active": True},
    ("POST", "resources/{person}/capacity"): {"capacity": 3},
    ("POST", "resources/{person}/capacity/preview"): {"capacity": 3},
    ("POST", "availabilities"): {"location_id": "{location}", "resource_id": "{person}", **WEEKLY},
    ("POST", "availabilities/preview"): {
        "location_id": "{location}",
        "days": 7,
        "rule": {"location_id": "{location}", **DATED},
    },
    ("PATCH", "availabilities/{rule}"): {
        **DATED,
        "slot_capacity": 1,
        "slot_granularity_minutes": 15,
        "slot_duration_minutes": 15,
        "note": "x",
    },
    ("POST", "availabilities/holidays"): {
        "location_id": "{location}",
        "country": "US",
        "subdivision": "CO",
        "years": [2030],
    },
    ("POST", "slots/generate"): {"location_id": "{location}", "from": "2030-01-15", "to": "2030-01-15"},
    ("POST", "calendar-events/time-off"): {
        "resource_id": "{person}",
        "type": "break",
        "start_date": "2030-01-15",
        "start_time": "12:00",
        "duration_minutes": 60,
        "rrule": "FREQ=DAILY;COUNT=2",
        "note": "x",
    },
    ("POST", "calendar-events/reminders"): {
        "resource_id": "{person}",
        "starts_at": "2030-01-15T12:00:00Z",
        "duration_minutes": 15,
        "note": "x",
    },
    ("PATCH", "customers/{customer}"): {
        "name": "Ada",
        "phone": "303 555 0143",
        "email": "ada@example.com",
        "address": {"line1": "1 Quay", "city": "Denver", "postal_code": "80202"},
        "preferences": {"sms": False},
        "expected_version": 1,
    },
    ("POST", "customers/{customer}/merge"): {"into_id": "{person}"},
    ("POST", "questions"): {
        "text": "Which?",
        "help_text": "x",
        "kind": "choice",
        "options": ["a", "b"],
        "required": True,
        "active": True,
        "sort_order": 1,
        "service_id": None,
    },
    ("PATCH", "questions/{question}"): {"text": "Which?", "kind": "text", "options": [], "sort_order": 2},
}
QUERIES: dict[str, list[str]] = {
    "locations": ["active", "cursor", "page_size"],
    "people": ["location_id", "skill", "active", "cursor"],
    "resources": ["kind", "page_size"],
    "availabilities": ["location_id", "resource_id", "rule_kind"],
    "slots": ["from", "to", "location_id", "status", "cursor"],
    "slots/explain": ["at", "location_id", "service_id", "party"],
    "calendar-events": ["from", "to", "type", "resource_id", "cursor"],
    "calendar-events/time-off": ["type", "resource_id", "cursor"],
    "customers": ["phone", "email", "name", "cursor", "page_size"],
    "questions": ["active", "service_id", "cursor"],
}
IN_ORDER = {
    "slots": {"from": "2030-01-14", "to": "2030-01-20"},
    "slots/explain": {"at": "2030-01-15T12:00", "location_id": "{location}"},
    "calendar-events": {"from": "2030-01-14T00:00:00Z", "to": "2030-01-20T00:00:00Z"},
}


@pytest.fixture
def staff() -> StaffClient:
    return StaffClient()


@pytest.fixture
def ids(staff: StaffClient) -> dict[str, str]:
    person: Resource = PersonFactory.create(location__organization=staff.organization)
    rule = WeeklyRuleFactory.create(location=person.location)
    customer = Customer.of(
        organization_id=staff.organization.id, identity=Identity(name="Ada", phone="+13035550142")
    )
    customer.save()
    question = CheckoutQuestionFactory.create(organization=staff.organization)
    return {
        "location": str(person.location_id),
        "person": str(person.id),
        "rule": str(rule.id),
        "customer": str(customer.id),
        "question": str(question.id),
    }


def filled(template: Any, ids: dict[str, str]) -> Any:
    text = json.dumps(template)
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", value)
    return json.loads(text)


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_a_strange_field_is_answered(staff: StaffClient, ids: dict[str, str], method: str, path: str) -> None:
    body = filled(BODIES[method, path], ids)
    broken = []
    for name in body:
        for strange in STRANGE:
            response = staff.call(method, filled(path, ids), body | {name: strange})
            if response.status_code >= 500:
                broken.append((name, strange))
    assert broken == []


@pytest.mark.parametrize("path", QUERIES)
def test_a_strange_filter_is_answered(staff: StaffClient, ids: dict[str, str], path: str) -> None:
    query = filled(IN_ORDER.get(path, {}), ids)
    broken = []
    for name in QUERIES[path]:
        for strange in STRANGE:
            if isinstance(strange, str) and strange != "\ud800":
                response = staff.get(path, query | {name: strange})
                if response.status_code >= 500:
                    broken.append((name, strange))
    assert broken == []


@pytest.mark.parametrize("text", ["", "null", "7", '"x"', "[]", "[[[", "{" * 2000, "\xff", '{"a":1e999}'])
@pytest.mark.parametrize(("method", "path"), BODIES)
def test_a_strange_body_is_refused(
    staff: StaffClient, ids: dict[str, str], method: str, path: str, text: str
) -> None:
    response = staff.call(method, filled(path, ids), text.encode("latin-1"))

    assert response.status_code == 400, response.content
