"""Every list, every form and every row of the back office, as different people see them."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from apps.organizations.models import Role
from apps.organizations.tenant_admin import organization_id_of
from tests.factories.backoffice import Business, signed_in, whole_business
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db

# What operators alone see; the rest belongs to businesses.
PLATFORM = {
    "core.outboxmessage",
    "django_celery_beat.crontabschedule",
    "django_celery_beat.intervalschedule",
    "django_celery_beat.periodictask",
    "organizations.user",
}
RECEPTION = {"bookings.booking", "bookings.customer", "bookings.order", "bookings.waitlistentry"}
ROTA = {
    "availability.availabilityrule",
    "availability.location",
    "availability.resource",
    "availability.slotinstance",
}
CATALOGUE = {
    "bookings.checkoutquestion",
    "content.bookinganswercategory",
    "content.bookingquestion",
    "content.bookingservice",
    "flows.bookingflow",
    "flows.bookingflowstep",
    "flows.brandkit",
    "flows.flowversion",
    "flows.schedulerconfig",
    "routing.bookingflowrouter",
}
INSIGHTS = {"audit.auditentry", "booking_sessions.bookingsession"}
BUSINESS = {
    "organizations.apikey",
    "organizations.membership",
    "organizations.organization",
}
OWN = RECEPTION | ROTA | CATALOGUE | INSIGHTS | BUSINESS
NOBODY_ADDS = RECEPTION | {
    "audit.auditentry",
    "availability.slotinstance",
    "booking_sessions.bookingsession",
    "flows.bookingflowstep",
    "flows.flowversion",
    "organizations.organization",
}


def url_of(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_{page}", args=args)


def rows_of(model: str) -> Iterator[Any]:
    (page,) = (page for page in admin.site._registry.values() if page.opts.label_lower == model)
    rows = page.model._default_manager.all()
    yield from rows.exclude(kind="pool") if model == "availability.resource" else rows


@pytest.fixture
def acme() -> Business:
    return whole_business("Acme")


@pytest.fixture
def globex() -> Business:
    return whole_business("Globex")


def test_every_page_is_known_here() -> None:
    registered = {page.opts.label_lower for page in admin.site._registry.values()}

    assert registered == OWN | PLATFORM


def statuses(client: Client, urls: Iterable[str]) -> dict[str, int]:
    """The status of each address."""
    return {url: client.get(url).status_code for url in urls}


class TestAdminOfTheBusiness:
    def test_opens_every_list_and_row(self, acme: Business) -> None:
        lists = [url_of(model, "changelist") for model in OWN]
        rows = [url_of(model, "change", row.pk) for model in OWN for row in rows_of(model)]

        answers = statuses(acme.client(), lists + rows)

        assert {url for url, status in answers.items() if status != 200} == set()
        assert all(any(rows_of(model)) for model in OWN)

    def test_opens_every_empty_form(self, acme: Business) -> None:
        answers = statuses(acme.client(), [url_of(model, "add") for model in OWN])

        assert {url for url, status in answers.items() if status != 200} == {
            url_of(model, "add") for model in NOBODY_ADDS
        }

    def test_sees_nothing_of_the_platform(self, acme: Business) -> None:
        answers = statuses(acme.client(), [url_of(model, "changelist") for model in PLATFORM])

        assert set(answers.values()) == {403}


class TestOperator:
    def test_opens_every_list_and_row_of_every_business(self, acme: Business, globex: Business) -> None:
        client = signed_in(UserFactory.create(is_staff=True, is_superuser=True))
        models = OWN | PLATFORM
        urls = [url_of(model, "changelist") for model in models]
        urls += [url_of(model, "change", row.pk) for model in models for row in rows_of(model)]
        urls += [url_of(model, "add") for model in models - NOBODY_ADDS - {"core.outboxmessage"}]

        answers = statuses(client, [*urls, url_of("organizations.organization", "add")])

        assert {url for url, status in answers.items() if status != 200} == set()

    def test_is_asked_for_the_business_of_a_new_row(self, acme: Business, globex: Business) -> None:
        client = signed_in(UserFactory.create(is_staff=True, is_superuser=True))

        page = client.get(url_of("content.bookingservice", "add")).content.decode()

        assert 'name="organization"' in page


class TestAnotherBusiness:
    def test_never_appears_in_lists_forms_or_filters(self, acme: Business, globex: Business) -> None:
        client, shown = acme.client(), []
        for model in OWN:
            pages = [url_of(model, "changelist")]
            pages += [] if model in NOBODY_ADDS else [url_of(model, "add")]
            own = [row for row in rows_of(model) if organization_id_of(row) == acme.organization.pk]
            pages += [url_of(model, "change", row.pk) for row in own[:2]]
            shown += [page for page in pages if "Globex" in client.get(page).content.decode()]

        assert shown == []

    def test_has_no_rows_by_address(self, acme: Business, globex: Business) -> None:
        globex.staff()
        foreign = [
            (model, row)
            for model in OWN
            for row in rows_of(model)
            if organization_id_of(row) == globex.organization.pk
        ]

        answers = statuses(
            acme.client(),
            [
                url_of(model, page, row.pk)
                for model, row in foreign
                for page in ("change", "delete", "history")
            ],
        )

        assert {model for model, _ in foreign} == OWN
        assert {url for url, status in answers.items() if status not in {302, 403}} == set()

    def test_keeps_its_members_to_itself(self, acme: Business, globex: Business) -> None:
        stranger = globex.staff(email="stranger@globex.example")
        membership = stranger.memberships.get()
        client = acme.client()

        listed = client.get(url_of("organizations.membership", "changelist")).content.decode()

        assert "stranger@globex.example" not in listed
        assert client.get(url_of("organizations.membership", "change", membership.pk)).status_code == 302

    def test_cannot_be_pointed_to(self, acme: Business, globex: Business) -> None:
        response = acme.client().post(
            url_of("availability.availabilityrule", "add"), rule_form(globex.location.pk, "")
        )

        assert response.status_code == 200
        assert "location" in response.context["adminform"].form.errors

    def test_cannot_be_pointed_to_even_by_a_member_of_both(self, acme: Business, globex: Business) -> None:
        both = acme.staff()
        globex.organization.memberships.create(user=both, role=Role.ADMIN)

        response = signed_in(both).post(
            url_of("routing.bookingflowrouter", "add"),
            {
                "organization": str(acme.organization.pk),
                "flow": str(globex.flow.flow.pk),
                "priority": "7",
                "path_match": "any",
                "path": "",
                "active": "on",
            },
        )

        assert "flow" in response.context["adminform"].form.errors

    def test_never_appears_in_search_of_customers(self, acme: Business, globex: Business) -> None:
        identity = globex.booking.customer.identity
        assert identity is not None

        page = acme.client().get(url_of("bookings.customer", "changelist"), {"q": identity.phone})

        assert page.context["cl"].result_count == 0


def rule_form(location_id: Any, resource_id: Any, **more: Any) -> dict[str, Any]:
    return {
        "location": str(location_id),
        "resource": str(resource_id),
        "rule_kind": "WEEKLY",
        "days_of_week": ["6"],
        "start_time": "10:00",
        "end_time": "12:00",
        "slot_granularity_minutes": "30",
        "slot_duration_minutes": "30",
        "slot_capacity": "1",
        **more,
    }


class TestRoles:
    SEES = {
        Role.MANAGER: OWN - BUSINESS,
        Role.SCHEDULER: ROTA,
        Role.FRONTDESK: RECEPTION,
    }

    @pytest.mark.parametrize("role", sorted(SEES))
    def test_sees_the_pages_of_the_role_and_no_others(self, role: Role, acme: Business) -> None:
        client = acme.client(role)

        opened = {
            model for model in OWN | PLATFORM if client.get(url_of(model, "changelist")).status_code == 200
        }

        assert opened == self.SEES[role]

    @pytest.mark.parametrize("role", sorted(SEES))
    def test_menu_shows_what_can_be_opened(self, role: Role, acme: Business) -> None:
        client = acme.client(role)

        groups = client.get("/admin/").context["sidebar_navigation"]

        for item in (item for group in groups for item in group["items"]):
            assert client.get(item["link"]).status_code == 200, item["title"]

    def test_customer_of_the_business_is_not_let_in(self, acme: Business) -> None:
        client = signed_in(acme.staff(Role.USER))

        assert client.get(url_of("bookings.booking", "changelist")).status_code == 403

    def test_nobody_comes_in_without_signing_in(self) -> None:
        assert Client().get("/admin/").status_code == 302
