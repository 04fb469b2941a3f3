"""A customer at the widget: what they click and what they read."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Site


@dataclass(frozen=True)
class Customer:
    """Somebody with the site open before them."""

    page: Page
    site: Site

    def see(self, test_id: str) -> Locator:
        """The control by its test id; Playwright looks through the open shadow root."""
        return self.page.get_by_test_id(test_id)

    def open_widget(self) -> None:
        """Come to the site and press its button."""
        self.page.goto(self.site.url)
        self.page.locator("[data-wrkbelt-book]").first.click()
        expect(self.see("zip-input")).to_be_visible()

    def enter_zip(self, code: str = "80205") -> None:
        """Type a zip code and go on."""
        self.see("zip-input").fill(code)
        expect(self.see("zip-inside")).to_be_visible()
        self.go_on()

    def go_on(self) -> None:
        """Press the one primary button."""
        self.see("primary-action").click()

    def choose(self, *answers: str) -> None:
        """Answer question after question."""
        for answer in answers:
            self.page.get_by_role("button", name=answer).first.click()

    def choose_water_heater(self) -> None:
        """No hot water, gas, a young tank: the repair."""
        self.choose("No hot water", "Gas", "Less than 10 years")
        expect(self.see("field-what_happens")).to_be_visible()

    def skip_details(self) -> None:
        """Say what happens, and go on."""
        self.see("field-what_happens").fill("It drips and stays cold.")
        self.go_on()

    def times(self) -> Locator:
        """The chips of the chosen day."""
        return self.page.locator("[data-testid^='time-']")

    def pick_first_time(self) -> str:
        """Take the first time of the preselected day; returns its test id."""
        expect(self.times().first).to_be_visible()
        test_id = self.times().first.get_attribute("data-testid")
        assert test_id is not None
        self.times().first.click()
        expect(self.see("hold-notice")).to_contain_text("Held for you")
        return test_id

    def to_the_times(self) -> None:
        """From the site to the calendar."""
        self.open_widget()
        self.enter_zip()
        self.choose_water_heater()
        self.skip_details()

    def say_who(self, *, phone: str = "(303) 555-0142") -> None:
        """Fill in name, phone and address."""
        self.see("customer-name").fill("Ada Lovelace")
        self.see("customer-phone").fill(phone)
        self.see("customer-email").fill("ada@example.com")
        self.see("address-line1").fill("1600 Wynkoop Street")
        self.see("address-city").fill("Denver")
        if not self.see("address-postal").input_value():
            self.see("address-postal").fill("80205")
        self.go_on()

    def book(self) -> str:
        """Press the button that books; returns the reference."""
        self.see("book").click()
        expect(self.see("reference")).to_be_visible()
        return self.see("reference").inner_text().strip()
