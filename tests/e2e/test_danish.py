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
class DanishGuest(Guest):
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
def guest(page: Page, site: Site) -> DanishGuest:
    """At both widths."""
    return DanishGuest(page, site)


@pytest.fixture
def phone_guest(phone_page: Page, site: Site) -> DanishGuest:
    """On a phone."""
    return DanishGuest(phone_page, site)


class TestADanishVisit:
    def test_is_booked_to_the_end_and_read_behind_its_link(self, guest: DanishGuest) -> None:
        page = guest.page
        guest.open_widget()
        shot(page, "danish-0-open")
        expect(page.get_by_role("dialog")).to_have_attribute("lang", "da")
        expect(page.get_by_role("button", name="Luk")).to_be_visible()
        guest.read("1-service")
        guest.choose("Vask og hovedmassage")
        expect(page.get_by_role("heading", name="Dit besøg")).to_be_visible()
        guest.see("add-service").click()
        guest.choose("Farve")
        guest.read("2-colour")
        guest.choose("Farve, udgroning")
        expect(guest.see("visit-total")).to_contain_text(re.compile(r"865\skr\."))
        guest.read("3-visit")
        guest.go_on()
        expect(guest.see("primary-action")).to_have_text("Vælg en tid for at fortsætte")
        guest.later_day()
        expect(guest.times().first).to_be_visible()
        guest.read("4-times")
        guest.times().first.click()
        expect(guest.see("hold-notice")).to_contain_text("Reserveret til dig indtil kl.")
        guest.read("5-held")
        guest.go_on()
        guest.go_on()
        expect(page.get_by_text("Skriv dit navn.")).to_be_visible()
        guest.read("6-wrong")
        guest.say_who(phone=number_for(page, 51))
        expect(guest.see("book")).to_have_text(re.compile(r"^Book \w+dag kl\. \d"))
        guest.read("7-summary")
        reference = guest.book()
        expect(page.get_by_role("heading", name="Din tid er booket")).to_be_visible()
        guest.read("8-done")

        page.goto(guest.see("manage-link").get_attribute("href") or "")
        expect(guest.see("reference")).to_have_text(reference)
        expect(page.get_by_role("heading", name="Hej Signe, her er dit besøg")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "da")
        shot(page, "danish-manage-1")
        guest.see("reschedule").click()
        expect(guest.times().first).to_be_visible()
        shot(page, "danish-manage-2-move")
        guest.see("keep").click()
        guest.see("cancel").click()
        expect(guest.see("reason")).to_contain_text("Mine planer er ændret")
        shot(page, "danish-manage-3-cancel")
        guest.see("cancel-sure").click()
        expect(page.get_by_role("heading", name="Dit besøg er aflyst")).to_be_visible()

    def test_shows_no_english_while_danish_is_on_its_way(self, phone_guest: DanishGuest) -> None:
        guest = phone_guest
        page = guest.page
        waiting: list[Route] = []

        def keep(route: Route) -> None:
            waiting.append(route)

        page.route(re.compile(r"scheduler-da\."), keep)
        page.goto(f"{guest.site.url}/demo/salon/da")
        page.locator("[data-wrkbelt-book]").first.click()
        page.wait_for_timeout(500)
        assert len(waiting) == 1
        expect(page.get_by_role("dialog")).to_have_count(0)

        waiting[0].continue_()

        expect(page.get_by_role("button", name="Luk")).to_be_visible()

    def test_is_offered_in_english_where_danish_does_not_come(self, phone_guest: DanishGuest) -> None:
        guest = phone_guest
        page = guest.page
        page.route(re.compile(r"scheduler-da[.-]"), lambda route: route.abort())
        page.goto(f"{guest.site.url}/demo/salon/da")
        page.locator("[data-wrkbelt-book]").first.click()

        expect(page.get_by_role("button", name="Close")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_attribute("lang", "en")

    def test_fetches_nothing_danish_for_the_english_page(self, phone_guest: DanishGuest) -> None:
        guest = phone_guest
        page = guest.page
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        Guest.open_widget(guest)
        guest.choose("Wash and head massage")
        expect(guest.see("visit-total")).to_be_visible()

        assert not [url for url in fetched if "scheduler-da" in url]
        assert any("scheduler-later" in url for url in fetched)

    def test_is_waited_for_in_danish(self, guest: DanishGuest) -> None:
        page = guest.page
        guest.open_widget()
        guest.choose("Vask og hovedmassage")
        guest.go_on()
        expect(guest.times().first).to_be_visible()
        for _ in range(3):
            guest.see("month-next").click()
        expect(guest.see("nothing-free")).to_be_visible()
        guest.read("nothing-free")
        guest.see("join-waitlist").click()
        guest.see("wait").click()
        expect(page.get_by_text("Skriv dit navn.")).to_be_visible()
        guest.read("waitlist")

    def test_asks_before_a_held_time_is_given_up(self, guest: DanishGuest) -> None:
        guest.open_widget()
        guest.choose("Klip", "Kort")
        guest.go_on()
        guest.later_day()
        guest.times().first.click()
        expect(guest.see("hold-notice")).to_contain_text("Reserveret")
        guest.see("close").click()
        expect(guest.see("stay")).to_have_text("Behold min tid")
        guest.read("leave")


class TestAPageThatAsksForALanguage:
    """The English page, whose owner wants Danish in the widget."""

    def test_has_it_by_the_tag(self, phone_guest: DanishGuest) -> None:
        page = phone_guest.page

        def with_language(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(
                response=answer, body=answer.text().replace("async>", 'data-language="da-DK" async>')
            )

        page.route("**/demo/salon", with_language)
        page.goto(f"{phone_guest.site.url}/demo/salon")
        page.locator("[data-wrkbelt-book]").first.click()

        expect(page.get_by_role("button", name="Luk")).to_be_visible()

    def test_has_it_by_its_own_code_for_this_once(self, phone_guest: DanishGuest) -> None:
        page = phone_guest.page
        Guest.open_widget(phone_guest)
        expect(page.get_by_role("button", name="Close")).to_be_visible()
        phone_guest.see("close").click()

        page.evaluate("WrkbeltScheduler.open({ language: 'da' })")

        expect(page.get_by_role("button", name="Luk")).to_be_visible()
        phone_guest.choose("Wash and head massage")
        expect(page.get_by_role("heading", name="Dit besøg")).to_be_visible()
