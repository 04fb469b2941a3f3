"""An empty list says what will stand in it and what to do first."""

import pytest
from django.contrib import admin
from django.test import Client

from apps.organizations.models import Role
from apps.organizations.tenant_admin import TenantAdmin
from tests.factories.backoffice import signed_in
from tests.factories.organizations import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer() -> Client:
    """The owner of a business that has nothing yet."""
    return signed_in(MembershipFactory.create(role=Role.ADMIN, user__is_staff=True).user)


def test_a_new_business_reads_what_comes_next(newcomer: Client) -> None:
    page = newcomer.get("/admin/content/bookingservice/").content.decode()

    assert "No services yet" in page
    assert "Add booking service" in page or "Add service" in page


def test_a_search_that_finds_nothing_says_so(newcomer: Client) -> None:
    page = newcomer.get("/admin/content/bookingservice/", {"q": "plumbing"}).content.decode()

    assert "Nothing matches" in page
    assert "Show everything" in page


def test_every_list_that_can_be_empty_has_words_of_its_own() -> None:
    silent = [
        model.__name__
        for model, page in admin.site._registry.items()
        if isinstance(page, TenantAdmin) and page.empty_title == TenantAdmin.empty_title
    ]

    # These have rows from the first minute on, or are reached from a row of theirs alone.
    assert set(silent) <= {
        "AuditEntry",
        "BookingFlowStep",
        "BookingSession",
        "FlowVersion",
        "Membership",
        "Organization",
        "SlotInstance",
    }
