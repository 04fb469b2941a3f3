"""Times and questions in the preview: what a customer would be told, and nothing is written."""

from typing import Any

import pytest
from django.test import Client

from apps.bookings.models import Booking, Hold
from apps.organizations.models import Role
from apps.sessions.models import BookingSession
from tests.factories.backoffice import Business, whole_business
from tests.factories.bookings import CheckoutQuestionFactory
from tests.widget_client import WidgetClient

pytestmark = pytest.mark.django_db
ENDS = ["scheduler/month-availability", "scheduler/date-timeslots", "questions"]


@pytest.fixture
def acme() -> Business:
    return whole_business()


def url(business: Business, end: str) -> str:
    return f"/admin/preview/{business.organization.pk}/{end}"


def query(business: Business, end: str) -> dict[str, Any]:
    about = {"service_id": str(business.flow.service.pk)}
    if end == "questions":
        return about
    day = {"month": "2030-01"} if end.endswith("availability") else {"date": "2030-01-14", "more": "1"}
    return {"location_id": str(business.location.pk), **about, **day}


@pytest.mark.parametrize("end", ENDS)
class TestReads:
    def test_answer_staff_as_they_answer_customers(self, acme: Business, end: str) -> None:
        CheckoutQuestionFactory.create(organization=acme.organization, text="Any pets?")
        public = WidgetClient(acme.organization).get(f"/v1/{end}", query(acme, end))

        answer = acme.client().get(url(acme, end), query(acme, end))

        assert answer.status_code == public.status_code == 200
        assert answer.json() == public.json()
        assert answer.json() not in ({"questions": []}, {"timeslots": []})

    def test_refuse_strangers(self, acme: Business, end: str) -> None:
        assert Client().get(url(acme, end), query(acme, end)).status_code == 401

    def test_refuse_those_who_do_not_write_flows(self, acme: Business, end: str) -> None:
        assert acme.client(Role.FRONTDESK).get(url(acme, end), query(acme, end)).status_code == 403

    def test_know_no_other_business(self, acme: Business, end: str) -> None:
        globex = whole_business("Globex")

        assert acme.client().get(url(globex, end), query(globex, end)).status_code == 404

    def test_find_nothing_of_another_business_at_ones_own_address(self, acme: Business, end: str) -> None:
        globex = whole_business("Globex")
        CheckoutQuestionFactory.create(organization=globex.organization, text="Theirs?", required=False)

        answer = acme.client().get(url(acme, end), query(globex, end))

        assert answer.status_code == 404 or "Theirs?" not in answer.content.decode()

    def test_write_nothing(self, acme: Business, end: str) -> None:
        kept = [model.objects.count() for model in (Booking, Hold, BookingSession)]

        acme.client().get(url(acme, end), query(acme, end))

        assert [model.objects.count() for model in (Booking, Hold, BookingSession)] == kept

    def test_are_only_read(self, acme: Business, end: str) -> None:
        assert acme.client().post(url(acme, end)).status_code == 405
