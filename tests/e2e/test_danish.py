"""The salon in Danish: from its page to a booked visit and its link, with no English from the widget."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Site
from tests.e2e.test_customer_journey import shot
from tests.e2e.test_salon import Guest, number_for

pytestmark = pytest.mark.browser

# What only the widget's English catalogue says, and no name of a service.
ENGLISH = re.compile(
    r"Continue|Held for|Pick a|Check and|Services?\b|Edit|Back\b|Morning|until|optional|Add "
)


@dataclass(frozen=True)
class Gaest(Guest):
    """Somebody who books in Danish."""

    def open_widget(self) -> None:
        """From the English page over to the Danish one, and there to its button."""
        self.page.goto(f"{self.site.url}/demo/salon")
        self.page.get_by_role("link", name="Dansk").click()
        expect(self.page.locator("html")).to_have_attribute("lang", "da")
        shot(self.page, "danish-site")
        self.page.locator("[data-wrkbelt-book]").first.click()
        expect(self.page.get_by_role("button", name="Vask og hovedmassage")).to_be_visible()

    def read(self, name: str) -> None:
        """Look at the screen: nothing wider than it, and no English of the widget's."""
        shot(self.page, f"danish-{name}")
        sheet = self.page.get_by_role("dialog")
        assert not ENGLISH.search(sheet.inner_text()), sheet.inner_text()
        # A chip of the trail is larger for the thumb than for the eye.
        for element in ("button:not(.quiet-chip)", "h2", ".body"):
            widths = sheet.locator(element).evaluate_all(
                "all => all.map(one => one.scrollWidth - one.clientWidth)"
            )
            assert max(widths, default=0) <= 1, f"{element} on {name}: {widths}"


@pytest.fixture
def gaest(page: Page, site: Site) -> Gaest:
    """At both widths."""
    return Gaest(page, site)


@pytest.fixture
def phone_gaest(phone_page: Page, site: Site) -> Gaest:
    """On a phone."""
    return Gaest(phone_page, site)


class TestADanishVisit:
    def test_is_booked_to_the_end_and_read_behind_its_link(self, gaest: Gaest) -> None:
        page = gaest.page
        gaest.open_widget()
        shot(page, "danish-0-open")
        expect(page.get_by_role("dialog")).to_have_attribute("lang", "da")
        expect(page.get_by_role("button", name="Luk")).to_be_visible()
        gaest.read("1-service")
        gaest.choose("Vask og hovedmassage")
        expect(page.get_by_role("heading", name="Dit besøg")).to_be_visible()
        gaest.see("add-service").click()
        gaest.choose("Farve")
        gaest.read("2-colour")
        gaest.choose("Farve, udgroning")
        expect(gaest.see("visit-total")).to_contain_text(re.compile(r"865\skr\."))
        gaest.read("3-visit")
        gaest.go_on()
        expect(gaest.see("primary-action")).to_have_text("Vælg en tid for at fortsætte")
        gaest.later_day()
        expect(gaest.times().first).to_be_visible()
        gaest.read("4-times")
        gaest.times().first.click()
        expect(gaest.see("hold-notice")).to_contain_text("Reserveret til dig indtil kl.")
        gaest.read("5-held")
        gaest.go_on()
        gaest.go_on()
        expect(page.get_by_text("Skriv dit navn.")).to_be_visible()
        gaest.read("6-wrong")
        gaest.say_who(phone=number_for(page, 51))
        expect(gaest.see("book")).to_have_text(re.compile(r"^Book \w+dag kl\. \d"))
        gaest.read("7-summary")
        reference = gaest.book()
        expect(page.get_by_role("heading", name="Din tid er booket")).to_be_visible()
        gaest.read("8-done")

        page.goto(gaest.see("manage-link").get_attribute("href") or "")
        expect(gaest.see("reference")).to_have_text(reference)
        expect(page.get_by_role("heading", name="Hej Signe, her er dit besøg")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "da")
        shot(page, "danish-manage-1")
        gaest.see("reschedule").click()
        expect(gaest.times().first).to_be_visible()
        shot(page, "danish-manage-2-move")
        gaest.see("keep").click()
        gaest.see("cancel").click()
        expect(gaest.see("reason")).to_contain_text("Mine planer er ændret")
        shot(page, "danish-manage-3-cancel")
        gaest.see("cancel-sure").click()
        expect(page.get_by_role("heading", name="Dit besøg er aflyst")).to_be_visible()

    def test_shows_no_english_while_danish_is_on_its_way(self, phone_gaest: Gaest) -> None:
        gaest = phone_gaest
        page = gaest.page
        waiting: list[Route] = []

        def keep(route: Route) -> None:
            waiting.append(route)

        page.route(re.compile(r"scheduler-da\."), keep)
        page.goto(f"{gaest.site.url}/demo/salon/da")
        page.locator("[data-wrkbelt-book]").first.click()
        page.wait_for_timeout(500)
        assert len(waiting) == 1
        expect(page.get_by_role("dialog")).to_have_count(0)

        waiting[0].continue_()

        expect(page.get_by_role("button", name="Luk")).to_be_visible()

    def test_is_offered_in_english_where_danish_does_not_come(self, phone_gaest: Gaest) -> None:
        gaest = phone_gaest
        page = gaest.page
        page.route(re.compile(r"scheduler-da[.-]"), lambda route: route.abort())
        page.goto(f"{gaest.site.url}/demo/salon/da")
        page.locator("[data-wrkbelt-book]").first.click()

        expect(page.get_by_role("button", name="Close")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_attribute("lang", "en")

    def test_fetches_nothing_danish_for_the_english_page(self, phone_gaest: Gaest) -> None:
        gaest = phone_gaest
        page = gaest.page
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        Guest.open_widget(gaest)
        gaest.choose("Wash and head massage")
        expect(gaest.see("visit-total")).to_be_visible()

        assert not [url for url in fetched if "scheduler-da" in url]
        assert any("scheduler-later" in url for url in fetched)

    def test_is_waited_for_in_danish(self, gaest: Gaest) -> None:
        page = gaest.page
        gaest.open_widget()
        gaest.choose("Vask og hovedmassage")
        gaest.go_on()
        expect(gaest.times().first).to_be_visible()
        for _ in range(3):
            gaest.see("month-next").click()
        expect(gaest.see("nothing-free")).to_be_visible()
        gaest.read("nothing-free")
        gaest.see("join-waitlist").click()
        gaest.see("wait").click()
        expect(page.get_by_text("Skriv dit navn.")).to_be_visible()
        gaest.read("waitlist")

    def test_asks_before_a_held_time_is_given_up(self, gaest: Gaest) -> None:
        gaest.open_widget()
        gaest.choose("Klip", "Kort")
        gaest.go_on()
        gaest.later_day()
        gaest.times().first.click()
        expect(gaest.see("hold-notice")).to_contain_text("Reserveret")
        gaest.see("close").click()
        expect(gaest.see("stay")).to_have_text("Behold min tid")
        gaest.read("leave")
