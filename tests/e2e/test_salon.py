"""The salon: several services in one visit, the waitlist, a hold kept longer, and the page of the link."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site
from tests.e2e.customer import Customer
from tests.e2e.rivals import Rivals
from tests.e2e.test_customer_journey import shot

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Guest(Customer):
    """Somebody who books at the salon."""

    def open_widget(self) -> None:
        """Come to the salon's site and press its button."""
        self.page.goto(f"{self.site.url}/demo/salon")
        self.page.locator("[data-wrkbelt-book]").first.click()
        expect(self.page.get_by_role("button", name="Wash and head massage")).to_be_visible()

    def want_wash_and_colour(self) -> None:
        """Two services in one visit."""
        self.open_widget()
        self.choose("Wash and head massage")
        self.see("add-service").click()
        self.choose("A colour", "Colour, roots")
        expect(self.see("visit-1")).to_be_visible()

    def later_day(self) -> None:
        """A day on which the visit can still be moved and cancelled for a while."""
        days = self.page.locator("[data-testid^='day-']:not([disabled])")
        expect(days.first).to_be_visible()
        if days.count() < 4:
            self.see("month-next").click()
            expect(days.nth(3)).to_be_visible()
        days.nth(3).click()

    def say_who(self, *, phone: str = "32 12 34 56") -> None:
        """Name, phone and what the salon asks."""
        self.see("customer-name").fill("Signe Mortensen")
        self.see("customer-phone").fill(phone)
        self.page.get_by_test_id("questions").locator("select").select_option("no")
        self.go_on()


@pytest.fixture
def guest(page: Page, site: Site) -> Guest:
    """At both widths."""
    return Guest(page, site)


@pytest.fixture
def phone_guest(phone_page: Page, site: Site) -> Guest:
    """On a phone."""
    return Guest(phone_page, site)


def number_for(page: Page, start: int) -> str:
    """A Danish number of its own at each width: nobody books the same twice."""
    assert page.viewport_size is not None
    return f"32 12 {start} {page.viewport_size['width'] % 89 + 10}"


class TestTwoServicesInOneVisit:
    def test_from_the_site_to_the_link_and_back_out(self, guest: Guest) -> None:
        page = guest.page
        guest.want_wash_and_colour()
        expect(guest.see("visit-total")).to_contain_text("865")
        shot(page, "salon-2-visit")
        guest.go_on()
        guest.later_day()
        guest.pick_first_time()
        itinerary = guest.see("itinerary")
        expect(itinerary).to_contain_text("Wash and head massage")
        expect(itinerary).to_contain_text("Colour, roots")
        expect(itinerary.locator("li")).to_have_count(2)
        shot(page, "salon-3-held")
        guest.go_on()
        guest.say_who(phone=number_for(page, 11))
        expect(guest.see("price")).to_contain_text("865")
        shot(page, "salon-4-summary")
        reference = guest.book()
        shot(page, "salon-5-done")
        people = guest.site.sql(
            "SELECT s.title, r.skills FROM bookings_bookingline l"
            " JOIN bookings_booking b ON b.id = l.booking_id"
            " JOIN content_bookingservice s ON s.id = l.service_id"
            " JOIN availability_resource r ON r.id = l.resource_id"
            " WHERE b.reference = %s ORDER BY l.sort_order",
            reference,
        )
        assert [title for title, _ in people] == ["Wash and head massage", "Colour, roots"]
        assert "wash" in people[0][1]
        assert "colour" in people[1][1]

        self.move_and_cancel(guest, guest.see("manage-link").get_attribute("href") or "", reference)

    def move_and_cancel(self, guest: Guest, link: str, reference: str) -> None:
        page = guest.page
        page.goto(link)
        expect(guest.see("reference")).to_have_text(reference)
        expect(page.get_by_role("heading", name="Hello Signe")).to_be_visible()
        shot(page, "manage-1-visit")
        before = guest.see("visit-card").inner_text()
        guest.see("reschedule").click()
        expect(guest.times().first).to_be_visible()
        shot(page, "manage-2-move")
        guest.times().last.click()
        guest.see("move").click()
        expect(guest.see("visit-card")).to_be_visible()
        assert guest.see("visit-card").inner_text() != before
        guest.see("cancel").click()
        shot(page, "manage-3-cancel")
        guest.see("cancel-sure").click()
        expect(page.get_by_role("heading", name="Your visit is cancelled")).to_be_visible()
        shot(page, "manage-4-cancelled")
        assert guest.site.sql("SELECT status FROM bookings_booking WHERE reference = %s", reference) == [
            ("cancelled",)
        ]

    def test_a_visit_that_was_taken_meanwhile_has_others_close_by(self, phone_guest: Guest) -> None:
        guest = phone_guest
        guest.want_wash_and_colour()
        guest.go_on()
        guest.later_day()
        expect(guest.times().first).to_be_visible()
        start_at = (guest.times().first.get_attribute("data-testid") or "").removeprefix("time-")
        rivals = Rivals(guest.site, business="saks-silke")
        assert rivals.take_all("Wash and head massage", "Colour, roots", start_at=start_at) > 0

        guest.times().first.click()

        expect(guest.see("alternatives")).to_be_visible()
        shot(guest.page, "salon-taken")
        guest.see("alternatives").get_by_role("button").first.click()
        expect(guest.see("hold-notice")).to_contain_text("Held for you")


class TestTheLastMinute:
    def test_gives_more_time_on_one_tap(self, phone_guest: Guest) -> None:
        guest = phone_guest
        guest.open_widget()
        guest.choose("A cut", "Short")
        guest.go_on()
        guest.later_day()
        guest.pick_first_time()
        guest.site.end_holds_in(50)
        guest.page.reload()

        expect(guest.see("hold-refresh")).to_be_visible()
        shot(guest.page, "salon-last-minute")
        guest.see("hold-refresh").click()

        expect(guest.see("hold-notice")).to_contain_text("Held for you until")


class TestTheWaitlist:
    def test_is_joined_where_a_month_has_nothing_free(self, guest: Guest) -> None:
        page = guest.page
        guest.open_widget()
        guest.choose("Wash and head massage")
        guest.go_on()
        expect(guest.times().first).to_be_visible()
        # Beyond the sixty days for which times are offered.
        for _ in range(3):
            guest.see("month-next").click()
        guest.see("join-waitlist").click()
        guest.see("wait").click()
        expect(page.get_by_text("Type your name.")).to_be_visible()
        guest.see("customer-name").fill("Signe Mortensen")
        guest.see("customer-phone").fill(number_for(page, 77))
        guest.see("wait-afternoon").click()
        shot(page, "salon-waitlist")
        guest.see("wait").click()

        expect(guest.see("waitlisted")).to_be_visible()
        shot(page, "salon-waiting")
        reference = guest.see("reference").inner_text()
        assert guest.site.sql("SELECT status FROM bookings_booking WHERE reference = %s", reference) == [
            ("waitlisted",)
        ]
        page.goto(guest.see("manage-link").get_attribute("href") or "")
        guest.see("leave-waitlist").click()
        guest.see("leave-sure").click()
        expect(page.get_by_role("heading", name="You have left the waitlist")).to_be_visible()


class TestAnOffer:
    """What came free is kept for whoever waits, behind a link of its own."""

    def test_is_taken_and_the_visit_checked_in_to(self, guest: Guest) -> None:
        page = guest.page
        offer = self.offered(guest, number_for(page, 41))
        page.goto(offer)
        expect(page.get_by_role("heading", name="A time is free for you")).to_be_visible()
        expect(guest.see("kept")).to_contain_text("until")
        shot(page, "offer-1-open")
        guest.see("accept").click()
        expect(page.get_by_role("heading", name="It’s yours")).to_be_visible()
        shot(page, "offer-2-accepted")
        reference = guest.see("reference").inner_text()
        visit = guest.see("manage-link").get_attribute("href") or ""

        with self.soon(guest, reference):
            page.goto(guest.site.url + visit)
            guest.see("check-in").scroll_into_view_if_needed()
            shot(page, "manage-5-check-in")
            guest.see("check-in").click()
            expect(page.get_by_role("heading", name="You are checked in")).to_be_visible()
            shot(page, "manage-6-checked-in")
        assert guest.site.sql("SELECT status FROM bookings_booking WHERE reference = %s", reference) == [
            ("checked_in",)
        ]

    def test_that_is_let_go_leaves_the_place_in_the_line(self, phone_guest: Guest) -> None:
        guest = phone_guest
        guest.page.goto(self.offered(guest, number_for(guest.page, 43)))
        guest.see("decline").click()
        expect(guest.page.get_by_role("heading", name="You let it go")).to_be_visible()
        shot(guest.page, "offer-3-declined")

        guest.page.goto(f"{guest.site.url}/manage/{self.waits_by}")
        guest.see("leave-waitlist").scroll_into_view_if_needed()
        shot(guest.page, "manage-7-waiting")

    waits_by = ""

    def offered(self, guest: Guest, phone: str) -> str:
        """Somebody waits for a wash, and the sweep finds them one; the address of the offer."""
        rivals = Rivals(guest.site, business="saks-silke")
        day = datetime.now(UTC).date()
        type(self).waits_by = rivals.wait(
            "Wash and head massage",
            customer={"name": "Signe Mortensen", "phone": phone},
            first_date=str(day + timedelta(days=2)),
            last_date=str(day + timedelta(days=9)),
        )
        done = guest.site.manage("shell", "-c", OFFER)
        assert done.returncode == 0, done.stderr
        return f"{guest.site.url}/offers/{done.stdout.split()[-1]}"

    @contextmanager
    def soon(self, guest: Guest, reference: str) -> Iterator[None]:
        """As if the days had passed: the visit is in half an hour. Afterwards it is when its events are."""
        moved = "UPDATE bookings_booking SET starts_at = {}, ends_at = {} WHERE reference = %s"
        half_an_hour, later = "now() + interval '30 minutes'", "now() + interval '50 minutes'"
        (when,) = guest.site.sql(
            "SELECT starts_at, ends_at FROM bookings_booking WHERE reference = %s", reference
        )
        guest.site.sql(moved.format(half_an_hour, later), reference)
        yield
        guest.site.sql(moved.format("%s", "%s"), *when, reference)


OFFER = """
from apps.bookings.models import WaitlistOffer
from apps.bookings.waitlist.links import token_of_offer
from apps.bookings.waitlist.sweep import sweep_waitlist
sweep_waitlist()
print(token_of_offer(WaitlistOffer.objects.all_organizations(reason="the newest").order_by("-id").first().id))
"""
