"""The waitlist in the back office."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.commands.generate_slots import generate_slots
from apps.bookings.models import WaitlistEntry
from apps.content.models import BookingService
from tests.bookings.support import somebody
from tests.bookings.waiting import offers_made, states, status_of, waits
from tests.factories.backoffice import Business, whole_business

pytestmark = pytest.mark.django_db
PAGE = "/admin/bookings/waitlistentry/"
SUBMITTED = {"_form_submitted": "1", "confirm": "on"}


@pytest.fixture
def acme() -> Business:
    acme = whole_business()
    generate_slots(organization=acme.organization)
    return acme


@pytest.fixture
def service(acme: Business) -> BookingService:
    return BookingService.objects.get(organization=acme.organization, title="Acme service")


def path(entry: WaitlistEntry, action: str = "") -> str:
    return f"{PAGE}{entry.id}/{action or 'change'}/"


class TestToday:
    def test_tells_a_time_that_was_offered_from_one_that_is_being_booked(
        self, acme: Business, service: BookingService
    ) -> None:
        waits(acme.location, [service])
        offers_made(acme.location)

        assert "Offered to somebody on the waitlist" in acme.client().get("/admin/").content.decode()


class TestWaitlistPage:
    def test_shows_who_waits_for_what_in_which_order(self, acme: Business, service: BookingService) -> None:
        waits(acme.location, [service], details=somebody(name="Grace Hopper"), latest=time(12))
        waits(acme.location, [service], details=somebody(name="Alan Turing"))
        offers_made(acme.location)

        page = acme.client().get(PAGE).content.decode()

        assert page.index("Grace Hopper") < page.index("Alan Turing")
        assert "Mon 14 Jan 2030, until 12:00" in page
        assert "Has an offer" in page
        assert "Mon 14 Jan 2030, 09:00" in page
        assert "Acme service" in page

    def test_says_the_minute_before_an_hour_as_that_hour(
        self, acme: Business, service: BookingService
    ) -> None:
        waits(acme.location, [service], latest=time(16, 59))

        assert "Mon 14 Jan 2030, before 17:00" in acme.client().get(PAGE).content.decode()

    def test_costs_the_same_however_many_there_are(self, acme: Business, service: BookingService) -> None:
        client = acme.client()
        waits(acme.location, [service])
        with CaptureQueriesContext(connection) as few:
            client.get(PAGE)
        for _ in range(4):
            waits(acme.location, [service])
        with CaptureQueriesContext(connection) as many:
            client.get(PAGE)

        assert len(many) == len(few)

    def test_finds_by_name_and_reference(self, acme: Business, service: BookingService) -> None:
        grace = waits(acme.location, [service], details=somebody(name="Grace Hopper"))
        waits(acme.location, [service], details=somebody(name="Alan Turing"))

        for term in ("grace", grace.booking.reference):
            found = acme.client().get(PAGE, {"q": term}).context["cl"].result_list
            assert [entry.pk for entry in found] == [grace.pk], term

    def test_an_entry_shows_what_was_offered(self, acme: Business, service: BookingService) -> None:
        entry = waits(acme.location, [service])
        offers_made(acme.location)

        page = acme.client().get(path(entry)).content.decode()

        assert "What they were offered" in page
        assert entry.booking.reference in page


class TestActions:
    def test_offers_what_is_free(self, acme: Business, service: BookingService) -> None:
        entry = waits(acme.location, [service])

        response = acme.client().post(path(entry, "offer"), SUBMITTED, follow=True)

        assert response.status_code == 200
        assert states([entry]) == ["offered"]
        assert "One offer was made." in response.content.decode()

    def test_takes_somebody_off(self, acme: Business, service: BookingService) -> None:
        entry = waits(acme.location, [service])

        response = acme.client().post(path(entry, "take-off"), SUBMITTED, follow=True)

        assert f"{entry.booking.reference} is off the waitlist." in response.content.decode()
        assert states([entry]) == ["left"]
        assert status_of(entry.booking) == "cancelled"

    def test_another_business_can_do_nothing(self, acme: Business, service: BookingService) -> None:
        entry = waits(acme.location, [service])

        whole_business("Globex").client().post(path(entry, "take-off"), SUBMITTED)

        assert states([entry]) == ["waiting"]
