"""A customer books, in a real browser against the real site; and every bad turn has a way on."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, Site
from tests.e2e.customer import Customer
from tests.e2e.rivals import Rivals

pytestmark = pytest.mark.browser

SHOTS = ROOT / "test-results" / "screenshots"


def shot(page: Page, name: str) -> None:
    """Keep what the customer sees, for a person to look at."""
    size = page.viewport_size
    width = "phone" if size and size["width"] < 500 else "desktop"
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(SHOTS / f"{name}-{width}.png"))


class TestBooking:
    def test_from_the_site_to_a_confirmed_visit(self, page: Page, site: Site) -> None:
        customer = Customer(page, site)
        page.goto(site.url)
        shot(page, "site")

        customer.open_widget()
        shot(page, "1-zip")
        customer.enter_zip()
        shot(page, "2-question")
        customer.choose("No hot water", "Gas")
        shot(page, "3-follow-up")
        customer.choose("Less than 10 years")
        shot(page, "4-details")
        customer.skip_details()
        expect(customer.times().first).to_be_visible()
        shot(page, "5-times")
        customer.pick_first_time()
        shot(page, "6-held")
        customer.go_on()
        shot(page, "7-you")
        customer.say_who(phone="(303) 555-0142" if page.viewport_size["width"] > 500 else "(303) 555-0143")  # type: ignore[index]
        expect(customer.see("book")).to_be_visible()
        shot(page, "8-summary")
        reference = customer.book()
        shot(page, "9-done")

        assert re.fullmatch(r"WB-[0-9A-Z]{7}", reference)
        assert site.sql("SELECT status FROM bookings_booking WHERE reference = %s", reference) == [
            ("confirmed",)
        ]
        verified = site.manage("verify_invariants")
        assert verified.returncode == 0, verified.stdout

    def test_a_question_after_the_service(self, phone_page: Page, site: Site) -> None:
        customer = Customer(phone_page, site)
        customer.open_widget()
        customer.enter_zip()

        customer.choose("leak")
        expect(phone_page.get_by_text("water", exact=False).first).to_be_visible()
        phone_page.locator("[data-testid^='choice-']").first.click()

        expect(customer.see("field-what_happens")).to_be_visible()


class TestWaysBack:
    def test_back_keeps_what_was_entered(self, phone_page: Page, site: Site) -> None:
        customer = Customer(phone_page, site)
        customer.to_the_times()
        expect(customer.times().first).to_be_visible()

        customer.see("back").click()

        expect(customer.see("field-what_happens")).to_have_value("It drips and stays cold.")

    def test_a_reload_goes_on_where_it_was(self, phone_page: Page, site: Site) -> None:
        customer = Customer(phone_page, site)
        customer.to_the_times()
        expect(customer.times().first).to_be_visible()

        phone_page.reload()

        expect(customer.times().first).to_be_visible()


class TestBadTurns:
    def test_a_zip_outside_says_so_and_names_the_phone(self, page: Page, site: Site) -> None:
        customer = Customer(page, site)
        customer.open_widget()

        customer.see("zip-input").fill("10001")

        expect(customer.see("zip-outside")).to_contain_text("10001")
        expect(customer.see("call")).to_be_visible()
        shot(page, "zip-outside")
        customer.see("zip-input").fill("80205")
        expect(customer.see("zip-inside")).to_be_visible()

    def test_a_time_that_was_taken_meanwhile(self, page: Page, site: Site) -> None:
        customer = Customer(page, site)
        customer.to_the_times()
        expect(customer.times().first).to_be_visible()
        start_at = (customer.times().first.get_attribute("data-testid") or "").removeprefix("time-")
        assert Rivals(site).take_all("Water heater repair (gas)", start_at=start_at) > 0

        customer.times().first.click()

        expect(customer.see("alternatives")).to_be_visible()
        shot(page, "taken")
        customer.see("alternatives").get_by_role("button").first.click()
        expect(customer.see("hold-notice")).to_contain_text("Held for you")

    def test_a_hold_that_ran_out(self, page: Page, site: Site) -> None:
        customer = Customer(page, site)
        customer.to_the_times()
        customer.pick_first_time()
        customer.go_on()
        site.end_holds_in(-1)
        customer.say_who(phone="(303) 555-0177")

        customer.see("book").click()

        expect(customer.see("hold-again")).to_be_visible()
        shot(page, "hold-ended")
        customer.see("hold-again").click()
        expect(customer.see("hold-notice")).to_contain_text("Held for you")

    def test_a_network_that_goes_away_and_comes_back(self, page: Page, site: Site) -> None:
        customer = Customer(page, site)
        customer.to_the_times()
        customer.pick_first_time()
        customer.go_on()
        width = page.viewport_size["width"]  # type: ignore[index]
        customer.say_who(phone=f"(303) 555-{width:04d}")
        page.context.set_offline(True)

        customer.see("book").click()

        expect(customer.see("offline-banner")).to_be_visible()
        shot(page, "offline")
        page.context.set_offline(False)
        # It goes on by itself once the network is back; the Retry button is for the impatient.
        expect(customer.see("reference")).to_be_visible(timeout=20_000)
