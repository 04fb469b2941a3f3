"""Every endpoint of `/admin/v1` × every role; and two businesses that never meet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.availability.commands.add_reminder import add_reminder
from apps.availability.commands.add_time_off import add_time_off
from apps.availability.models import Resource
from apps.availability.time_off.changes import TimeOffDetails
from apps.bookings.models import Customer, Identity
from apps.core.ids import new_id
from apps.organizations.api.permissions import WHO_MAY, Right
from apps.organizations.models import Organization, Role
from tests.factories.availability import TEN_O_CLOCK, PersonFactory, WeeklyRuleFactory
from tests.factories.bookings import CheckoutQuestionFactory
from tests.staff_client import StaffClient
from tests.widget_client import problem

pytestmark = pytest.mark.django_db

EVERYBODY = {Role.ADMIN, Role.MANAGER, Role.SCHEDULER, Role.FRONTDESK}
ROTA = {Role.ADMIN, Role.MANAGER, Role.SCHEDULER}
BUSINESS = {Role.ADMIN, Role.MANAGER}
RECEPTION = {Role.ADMIN, Role.MANAGER, Role.FRONTDESK}
NEEDS_NO_TOKEN = {("POST", "auth/token"), ("POST", "auth/refresh")}

# Who may call what, written out: the view's own table must not be what it is tested against.
MATRIX: dict[tuple[str, str], set[Role]] = {
    ("POST", "auth/logout"): EVERYBODY,
    ("GET", "me"): EVERYBODY,
    ("GET", "locations"): EVERYBODY,
    ("POST", "locations"): BUSINESS,
    ("GET", "locations/{location_id}"): EVERYBODY,
    ("PATCH", "locations/{location_id}"): BUSINESS,
    ("POST", "locations/{location_id}/sells-from"): BUSINESS,
    ("POST", "locations/{location_id}/sells-from/preview"): BUSINESS,
    ("GET", "people"): EVERYBODY,
    ("POST", "people"): BUSINESS,
    ("GET", "people/{resource_id}"): EVERYBODY,
    ("PATCH", "people/{resource_id}"): BUSINESS,
    ("GET", "resources"): EVERYBODY,
    ("POST", "resources"): BUSINESS,
    ("GET", "resources/{resource_id}"): EVERYBODY,
    ("PATCH", "resources/{resource_id}"): BUSINESS,
    ("POST", "resources/{resource_id}/capacity"): BUSINESS,
    ("POST", "resources/{resource_id}/capacity/preview"): BUSINESS,
    ("GET", "availabilities"): EVERYBODY,
    ("POST", "availabilities"): ROTA,
    ("POST", "availabilities/preview"): ROTA,
    ("POST", "availabilities/copy-week"): ROTA,
    ("POST", "availabilities/holidays"): ROTA,
    ("GET", "availabilities/{rule_id}"): EVERYBODY,
    ("PATCH", "availabilities/{rule_id}"): ROTA,
    ("DELETE", "availabilities/{rule_id}"): ROTA,
    ("GET", "slots"): EVERYBODY,
    ("POST", "slots/generate"): ROTA,
    ("GET", "slots/explain"): EVERYBODY,
    ("GET", "calendar-events"): EVERYBODY,
    ("GET", "calendar-events/time-off"): EVERYBODY,
    ("POST", "calendar-events/time-off"): EVERYBODY,
    ("GET", "calendar-events/time-off/{time_off_id}"): EVERYBODY,
    ("PATCH", "calendar-events/time-off/{time_off_id}"): EVERYBODY,
    ("DELETE", "calendar-events/time-off/{time_off_id}"): EVERYBODY,
    ("POST", "calendar-events/reminders"): EVERYBODY,
    ("PATCH", "calendar-events/reminders/{event_id}"): EVERYBODY,
    ("DELETE", "calendar-events/reminders/{event_id}"): EVERYBODY,
    ("GET", "customers"): RECEPTION,
    ("GET", "customers/{customer_id}"): RECEPTION,
    ("PATCH", "customers/{customer_id}"): RECEPTION,
    ("POST", "customers/{customer_id}/merge"): RECEPTION,
    ("GET", "customers/{customer_id}/export"): RECEPTION,
    ("POST", "customers/{customer_id}/erase"): RECEPTION,
    ("GET", "questions"): EVERYBODY,
    ("POST", "questions"): BUSINESS,
    ("GET", "questions/{question_id}"): EVERYBODY,
    ("PATCH", "questions/{question_id}"): BUSINESS,
}
SPANS = {
    "slots": {"from": "2030-01-14", "to": "2030-01-20"},
    "calendar-events": {"from": "2030-01-14T00:00:00Z", "to": "2030-01-20T00:00:00Z"},
}
CASES = [(method, path, role) for (method, path) in MATRIX for role in Role]


def operations() -> Iterator[tuple[str, str]]:
    """What the addresses of the site really are."""
    for prefix in get_resolver().url_patterns:
        if not isinstance(prefix, URLResolver) or str(prefix.pattern) != "admin/v1/":
            continue
        for pattern in prefix.url_patterns:
            assert isinstance(pattern, URLPattern)
            path = re.sub(r"<uuid:(\w+)>", r"{\1}", str(pattern.pattern))
            view: Any = pattern.callback
            for method in view.view_class().allowed_methods:
                if method != "OPTIONS":
                    yield method, path


def test_every_operation_is_known_here() -> None:
    assert set(operations()) == MATRIX.keys() | NEEDS_NO_TOKEN


def test_a_customer_has_no_right_and_the_admin_every_one() -> None:
    assert all(Role.USER not in roles for roles in WHO_MAY.values())
    assert all(Role.ADMIN in WHO_MAY[right] for right in Right)


def filled(path: str, **known: Any) -> str:
    """The path with ids that exist, where they are known."""
    return re.sub(r"\{(\w+)\}", lambda match: str(known.get(match[1], new_id())), path)


@pytest.mark.parametrize(("method", "path", "role"), CASES)
def test_each_role_may_do_what_the_matrix_says(method: str, path: str, role: Role) -> None:
    response = StaffClient(role=role).call(method, filled(path))

    if role in MATRIX[method, path]:
        # With nothing there and nothing sent: it came past the door, and further in something was missing.
        assert response.status_code in {200, 400, 404}, response.content
    else:
        assert problem(response) == (403, "NOT_PERMITTED")


@pytest.mark.parametrize(("method", "path"), MATRIX)
def test_nobody_comes_in_without_a_token(method: str, path: str) -> None:
    response = Client().generic(method, f"/admin/v1/{filled(path)}", "{}", content_type="application/json")

    assert problem(response) == (401, "NOT_AUTHENTICATED")


@pytest.mark.parametrize("path", sorted({path for _, path in MATRIX}))
def test_other_methods_are_refused_as_such(path: str) -> None:
    taken = {method for method, known in MATRIX if known == path}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - taken:
        assert problem(StaffClient().call(method, filled(path))) == (405, "METHOD_NOT_ALLOWED")


def test_an_address_that_is_none_is_a_problem_and_no_page_to_sign_in() -> None:
    assert problem(Client().get("/admin/v1/nowhere")) == (404, "NOT_FOUND")


@dataclass(frozen=True)
class Foreign:
    """One of everything that another business has, with a name that nobody else uses."""

    organization: Organization
    person: Resource
    ids: dict[str, Any]


@pytest.fixture
def foreign() -> Foreign:
    owner = StaffClient()
    person = PersonFactory.create(location__organization=owner.organization, name="Foreigner")
    person.location.name = "Foreigner's branch"
    person.location.save()
    rule = WeeklyRuleFactory.create(location=person.location, resource=person, note="Foreigner's hours")
    owner.post("slots/generate", {"from": "2030-01-14", "to": "2030-01-15"})
    actor = actor_of_client(owner)
    off = add_time_off(
        actor=actor,
        resource_id=person.id,
        details=TimeOffDetails(
            start_date=TEN_O_CLOCK.date() + timedelta(days=1),
            start_time=time(12),
            duration_minutes=60,
            note="Foreigner's lunch",
        ),
    ).time_off
    reminder = add_reminder(actor=actor, resource_id=None, starts_at=TEN_O_CLOCK, note="Foreigner's note")
    customer = Customer.of(
        organization_id=owner.organization.id, identity=Identity(name="Foreigner", phone="+13035550199")
    )
    customer.save()
    question = CheckoutQuestionFactory.create(organization=owner.organization, text="Foreigner's question")
    return Foreign(
        owner.organization,
        person,
        {
            "location_id": person.location_id,
            "resource_id": person.id,
            "rule_id": rule.id,
            "time_off_id": off.id,
            "event_id": reminder.id,
            "customer_id": customer.id,
            "question_id": question.id,
        },
    )


def actor_of_client(staff: StaffClient) -> Any:
    from apps.organizations.staff import actor_of

    return actor_of(staff.membership)


BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "locations/{location_id}"): {"name": "Stolen"},
    ("PATCH", "people/{resource_id}"): {"name": "Stolen"},
    ("PATCH", "resources/{resource_id}"): {"name": "Stolen"},
    ("PATCH", "availabilities/{rule_id}"): {"note": "Stolen"},
    ("PATCH", "calendar-events/time-off/{time_off_id}"): {"note": "Stolen"},
    ("PATCH", "calendar-events/reminders/{event_id}"): {"note": "Stolen"},
    ("PATCH", "customers/{customer_id}"): {"name": "Stolen"},
    ("PATCH", "questions/{question_id}"): {"text": "Stolen"},
    ("POST", "locations/{location_id}/sells-from"): {"sells_from": "pool"},
    ("POST", "locations/{location_id}/sells-from/preview"): {"sells_from": "pool"},
    ("POST", "resources/{resource_id}/capacity"): {"capacity": 2},
    ("POST", "resources/{resource_id}/capacity/preview"): {"capacity": 2},
}
LISTS = [path for method, path in MATRIX if method == "GET" and "{" not in path and path != "slots/explain"]
WITH_ID = [(method, path) for method, path in MATRIX if "{" in path]
# Whom it is merged into is in the body: tests/bookings/api/admin/test_customers.py.
NEEDS_ANOTHER = {("POST", "customers/{customer_id}/merge")}


class TestTwoBusinesses:
    @pytest.mark.parametrize(("method", "path"), [case for case in WITH_ID if case not in NEEDS_ANOTHER])
    def test_anothers_ids_do_not_exist(self, foreign: Foreign, method: str, path: str) -> None:
        response = StaffClient().call(method, filled(path, **foreign.ids), BODIES.get((method, path)))

        assert problem(response) == (404, "NOT_FOUND")

    @pytest.mark.parametrize(("method", "path"), [case for case in WITH_ID if case not in NEEDS_ANOTHER])
    def test_their_own_ids_do(self, foreign: Foreign, method: str, path: str) -> None:
        """The twin that shows that the test above refuses for the business alone."""
        owner = StaffClient(foreign.organization)

        response = owner.call(method, filled(path, **foreign.ids), BODIES.get((method, path)))

        assert response.status_code in {200, 204}, response.content

    @pytest.mark.parametrize("path", LISTS)
    def test_lists_show_nothing_of_anothers(self, foreign: Foreign, path: str) -> None:
        theirs = StaffClient(foreign.organization).get(path, SPANS.get(path))
        ours = StaffClient().get(path, SPANS.get(path))

        assert ours.status_code == theirs.status_code == 200
        assert "Foreigner" not in ours.content.decode()
        assert path == "me" or (ours.json()["results"], len(theirs.json()["results"]) > 0) == ([], True)

    @pytest.mark.parametrize(
        ("path", "name"),
        [
            (path, name)
            for path in ("people", "resources", "availabilities", "slots", "calendar-events/time-off")
            for name in ("location_id", "resource_id")
            if (path, name) not in {("people", "resource_id"), ("resources", "resource_id")}
        ],
    )
    def test_filters_by_anothers_ids_find_nothing(self, foreign: Foreign, path: str, name: str) -> None:
        query = SPANS.get(path, {}) | {name: str(foreign.ids[name])}

        assert StaffClient().get(path, query).json()["results"] == []

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("people", {"location_id": "…", "name": "x"}),
            ("resources", {"location_id": "…", "name": "x", "kind": "room"}),
            ("availabilities", {"location_id": "…", "rule_kind": "WEEKLY", "days_of_week": [6]}),
            ("availabilities/preview", {"location_id": "…", "rule_id": "…"}),
            ("availabilities/holidays", {"location_id": "…", "country": "US", "years": [2030]}),
            ("slots/generate", {"location_id": "…", "from": "2030-01-14", "to": "2030-01-14"}),
            ("slots/generate", {"resource_id": "…", "from": "2030-01-14", "to": "2030-01-14"}),
            ("calendar-events/time-off", {"resource_id": "…", "type": "break"}),
            ("calendar-events/reminders", {"resource_id": "…", "starts_at": "2030-01-15T17:00:00Z"}),
        ],
    )
    def test_nothing_is_made_at_anothers(self, foreign: Foreign, path: str, body: dict[str, Any]) -> None:
        extra: dict[str, dict[str, Any]] = {
            "availabilities": {"start_time": "09:00", "end_time": "12:00"},
            "calendar-events/time-off": {
                "start_date": "2030-01-15",
                "start_time": "09:00",
                "duration_minutes": 30,
            },
            "calendar-events/reminders": {"note": "x"},
        }
        known = {name: foreign.ids[name] if value == "…" else value for name, value in body.items()}

        response = StaffClient().post(path, known | extra.get(path, {}))

        assert problem(response) == (404, "NOT_FOUND")

    @pytest.mark.parametrize("name", ["location_id", "resource_id"])
    def test_nothing_of_anothers_is_explained(self, foreign: Foreign, name: str) -> None:
        query = {"at": "2030-01-15T12:00", name: str(foreign.ids[name])}

        assert problem(StaffClient().get("slots/explain", query)) == (404, "NOT_FOUND")

    def test_hours_cannot_be_given_to_anothers_person(self, foreign: Foreign) -> None:
        ours = StaffClient()
        location = PersonFactory.create(location__organization=ours.organization).location
        rule = {"rule_kind": "WEEKLY", "days_of_week": [6], "start_time": "09:00", "end_time": "12:00"}
        body = {"location_id": str(location.id), "resource_id": str(foreign.person.id), **rule}

        assert problem(ours.post("availabilities", body)) == (404, "NOT_FOUND")

    def test_a_key_of_one_business_is_not_anothers(self) -> None:
        one, other = StaffClient(), StaffClient()

        assert one.post("locations", {"name": "A"}, key="same").status_code == 201
        again = other.post("locations", {"name": "A"}, key="same")

        assert again.status_code == 201
        assert "Idempotent-Replayed" not in again
