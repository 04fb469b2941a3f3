"""Who plans the work: every page of the rota in a real browser, by keyboard, zoomed in and in the dark."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, Site
from tests.e2e.desk import sign_in, window

pytestmark = pytest.mark.browser

AXE = ROOT / "apps/widget/client/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# unfold's frame around our pages is its own affair.
CHECK = f"""async (inside) => (await axe.run(inside, {{ runOnly: {json.dumps(RULES)} }})).violations
    .flatMap((found) => found.nodes.map((node) => `${{found.id}}: ${{node.html.slice(0, 120)}}`))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = {
    "roster/": ".bo-rota",
    "roster/day/": ".bo-rota",
    "roster/copy/": ".bo-rota",
    "closings/": ".bo-rota",
    "closings/add/": ".bo-rota",
    "closings/holidays/?country=US&subdivision=CO&year=2030": ".bo-rota",
    "time-off/": ".bo-rota",
    "time-off/add/": ".bo-rota",
    "reminders/add/": ".bo-rota",
    "explain/?day=2030-01-15&at=10:00&service=&person=": ".bo-rota",
    "availability/resource/add/": "#content-main",
    "availability/location/add/": "#content-main",
    "availability/availabilityrule/add/": "#content-main",
}
# A laptop, the same at 200 % zoom, a tablet at the front desk, a phone.
WIDTHS = (1280, 640, 820, 375)


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> Any:
    """The cookies of the demo business's scheduler."""
    return sign_in(browser, site, "scheduler")


@pytest.fixture
def desk(browser: Browser, signed_in: Any) -> Iterator[Page]:
    """A signed-in window."""
    with window(browser, storage_state=signed_in) as page:
        yield page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_any_page(desk: Page, site: Site, *, dark: bool) -> None:
    desk.emulate_media(color_scheme="dark" if dark else "light")
    found = {}
    for path, inside in PAGES.items():
        desk.goto(f"{site.url}/admin/{path}")
        if dark:
            expect(desk.locator("html")).to_have_class(re.compile("dark"))
        desk.evaluate(AXE.read_text())
        violations = desk.evaluate(CHECK, inside)
        if violations:
            found[path] = violations
    assert found == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(desk: Page, site: Site, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    wider = {}
    for path in PAGES:
        desk.goto(f"{site.url}/admin/{path}")
        if desk.evaluate(WIDER) > 0:
            wider[path] = desk.evaluate(WIDER)
    assert wider == {}


def test_a_photo_is_chosen_seen_and_kept(desk: Page, site: Site, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), "navy").save(tmp_path / "me.png")
    desk.goto(f"{site.url}/admin/availability/resource/")
    desk.locator("#result_list a[href*='/change/']").first.click()

    desk.locator("#id_photo").set_input_files(tmp_path / "me.png")
    expect(desk.locator("[data-bo-photo-now]")).to_have_attribute("src", re.compile("^blob:"))
    desk.locator("button[name=_continue]").click()

    expect(desk.locator("[data-bo-photo-now]")).to_have_attribute("src", re.compile("/admin/photo/"))
    assert desk.evaluate("document.querySelector('[data-bo-photo-now]').naturalWidth") == 64
    desk.get_by_label("Take the photo away").check()
    desk.locator("button[name=_save]").click()
    expect(desk.get_by_text("was changed successfully")).to_be_visible()


def test_public_holidays_are_looked_at_imported_and_one_taken_back(desk: Page, site: Site) -> None:
    desk.goto(f"{site.url}/admin/closings/")
    desk.get_by_role("link", name="Import public holidays").first.click()
    desk.get_by_label("State or region").select_option("CO")
    desk.get_by_role("button", name="Show the holidays").click()
    to_come = desk.locator(".bo-holiday").filter(has=desk.get_by_text("Closed", exact=True))
    name = to_come.last.locator("strong").inner_text()
    year = to_come.last.locator("span").first.inner_text().split()[-1]
    desk.get_by_role("button", name=re.compile("^Close on")).click()
    expect(desk.get_by_text(re.compile("holidays? (was|were) added"))).to_be_visible()

    desk.goto(f"{site.url}/admin/closings/?year={year}")
    desk.on("dialog", lambda asked: asked.accept())
    desk.get_by_role("button", name=f"Remove {name}", exact=True).last.click()

    expect(desk.get_by_text(f"“{name}” was removed.")).to_be_visible()


def test_a_reminder_is_written_and_ticked_off(desk: Page, site: Site) -> None:
    desk.goto(f"{site.url}/admin/time-off/")
    desk.get_by_role("link", name="Add a reminder").click()
    sheet = desk.get_by_role("dialog")
    sheet.get_by_label("Day").fill(f"{datetime.now(UTC).date() + timedelta(days=2)}")
    sheet.get_by_label("Time").fill("09:30")
    sheet.get_by_label("What to remember").fill("Order filters")
    sheet.get_by_role("button", name="Add").click()
    expect(desk.get_by_text("The reminder is in the calendar.")).to_be_visible()

    note = desk.locator("li", has_text="Order filters")
    note.get_by_role("button", name="Done Order filters").click()

    expect(desk.get_by_text("The reminder is done.")).to_be_visible()
    expect(desk.get_by_text("Order filters")).to_have_count(0)


def test_what_was_looked_at_is_gone_once_something_else_is_typed(desk: Page, site: Site) -> None:
    desk.goto(f"{site.url}/admin/availability/resource/")
    desk.locator("#result_list tbody a").first.click()
    desk.get_by_role("link", name="Change…").click()
    places, look = desk.locator("[name=capacity]"), desk.get_by_role("button", name="See what it means")
    places.fill("3")
    look.click()
    expect(desk.get_by_text("would serve 3")).to_be_visible()

    places.fill("5")

    expect(desk.get_by_text("would serve 3")).to_be_hidden()
    expect(desk.get_by_role("button", name="Save")).to_be_hidden()
    expect(look).to_be_visible()


def test_nobody_is_offered_their_own_week(desk: Page, site: Site) -> None:
    desk.goto(f"{site.url}/admin/roster/copy/")
    source = desk.locator("[name=source]")
    name = source.locator("option:checked").inner_text()

    expect(desk.locator("label", has_text=name)).to_be_hidden()


def test_a_phone_shows_today_first(desk: Page, site: Site) -> None:
    desk.set_viewport_size({"width": 375, "height": 1200})
    desk.goto(f"{site.url}/admin/roster/")

    expect(desk.locator(".bo-grid thead .bo-now")).to_be_in_viewport()


class TestByKeyboard:
    def tab_to(self, page: Page, expression: str) -> None:
        """Press Tab until what has the focus fits, as somebody without a mouse does."""
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate(f"(({expression}))(document.activeElement)"):
                return
        pytest.fail(f"Nothing with the focus fits: {expression}")

    def test_the_hours_of_a_day_are_looked_at_and_saved(self, desk: Page, site: Site) -> None:
        week = datetime.now(UTC).date() + timedelta(weeks=8)
        desk.goto(f"{site.url}/admin/roster/?week={week}")
        desk.locator("a.bo-cell").first.focus()
        desk.keyboard.press("Enter")
        expect(desk.get_by_role("dialog")).to_be_visible()

        self.tab_to(desk, "e => e.name === 'scope'")
        desk.keyboard.press("ArrowRight")
        self.tab_to(desk, "e => e.name === 'end_1'")
        desk.keyboard.type("0400PM")
        self.tab_to(desk, "e => e.value === 'preview'")
        desk.keyboard.press("Enter")
        expect(desk.get_by_role("dialog").get_by_text("If you save this")).to_be_visible()
        self.tab_to(desk, "e => e.value === 'save'")
        desk.keyboard.press("Enter")

        expect(desk.get_by_text("Saved.")).to_be_visible()
        expect(desk.locator(".bo-branch").get_by_text("Exception")).to_be_visible()

    def test_escape_closes_a_dialog_and_gives_the_focus_back(self, desk: Page, site: Site) -> None:
        desk.goto(f"{site.url}/admin/time-off/")
        add = desk.get_by_role("link", name="Add time off").first
        add.focus()
        desk.keyboard.press("Enter")
        expect(desk.get_by_role("dialog")).to_be_visible()

        desk.keyboard.press("Escape")

        expect(desk.get_by_role("dialog")).to_be_hidden()
        expect(add).to_be_focused()
