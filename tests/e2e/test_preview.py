"""The preview in a real browser: a brand kit is changed, seen, mended, saved; and nothing is ever booked."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.e2e.conftest import ROOT, Site
from tests.e2e.desk import sign_in, window

pytestmark = pytest.mark.browser

AXE = ROOT / "apps/widget/client/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# unfold's frame around our pages is its own affair.
OPTIONS = json.dumps({"runOnly": RULES, "iframes": False})
CHECK = f"""async (inside) => (await axe.run(inside, {OPTIONS})).violations
    .flatMap((found) => found.nodes.map((node) => `${{found.id}}: ${{node.html.slice(0, 120)}}`))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> Any:
    """The cookies of the demo business's admin."""
    return sign_in(browser, site, "admin")


@pytest.fixture
def desk(browser: Browser, signed_in: Any) -> Iterator[Page]:
    """A signed-in window."""
    with window(
        browser,
        storage_state=signed_in,
        viewport={"width": 1280, "height": 900},
        timezone_id="America/Denver",
    ) as page:
        yield page


def kit_page(site: Site) -> str:
    [(kit_id,)] = site.sql("SELECT id FROM flows_brandkit WHERE name = 'Summit Peak'")
    return f"{site.url}/admin/flows/brandkit/{kit_id}/change/"


def widget_in(page: Page) -> FrameLocator:
    return page.frame_locator("[data-preview-frame]")


def look_of(page: Page, testid: str, what: str) -> str:
    """A computed style of a part of the widget in the preview."""
    part = widget_in(page).get_by_test_id(testid)
    value: str = part.evaluate(f"(element) => getComputedStyle(element).{what}")
    return value


def resolved_kit(site: Site) -> dict[str, Any]:
    """What the public API says of the business's looks."""
    [(key, origins)] = site.sql(
        "SELECT k.publishable_token, k.allowed_origins FROM organizations_apikey k"
        " JOIN organizations_organization o ON o.id = k.organization_id"
        " WHERE o.name LIKE 'Summit Peak%%' AND k.kind = 'publishable'"
    )
    request = urllib.request.Request(  # noqa: S310  (our own server)
        f"{site.url}/v1/booking-flow-routers/resolve",
        data=json.dumps({"url": f"{origins[0]}/"}).encode(),
        headers={"Content-Type": "application/json", "X-Api-Key": key, "Origin": origins[0]},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  (as above)
        kit: dict[str, Any] = json.load(answer)["brand_kit"]
    return kit


def test_a_colour_is_seen_mended_and_saved(desk: Page, site: Site) -> None:
    before = resolved_kit(site)["colors"]["primary"]
    desk.goto(kit_page(site))
    expect(widget_in(desk).get_by_test_id("zip-input")).to_be_visible()

    desk.fill("#id_color_primary", "#7a1fa2")
    expect(widget_in(desk).get_by_test_id("primary-action")).to_have_css(
        "background-color", "rgb(122, 31, 162)"
    )
    assert resolved_kit(site)["colors"]["primary"] == before, "nothing is saved yet"

    desk.fill("#id_color_primary", "#ffd600")
    note = desk.locator("#id_color_primary_contrast")
    expect(note).to_contain_text("1.4 to 1 on the surface, it needs 3.0.")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk).to_have_url(kit_page(site))  # the browser does not send it
    note.get_by_role("button", name="Use #af9300").click()
    expect(desk.locator("#id_color_primary")).to_be_focused()
    expect(widget_in(desk).get_by_test_id("primary-action")).to_have_css(
        "background-color", "rgb(175, 147, 0)"
    )

    desk.get_by_role("button", name="Save", exact=True).click()
    desk.wait_for_url("**/brandkit/")
    assert resolved_kit(site)["colors"]["primary"] == "#af9300"


def test_typing_in_the_form_is_never_interrupted_by_the_preview(desk: Page, site: Site) -> None:
    desk.goto(kit_page(site))
    expect(widget_in(desk).get_by_test_id("zip-input")).to_be_visible()

    desk.focus("#id_color_text")
    desk.locator("[data-preview-jump]").evaluate("(select) => { select.value = 'customer'; }")
    desk.locator("[data-preview-jump]").dispatch_event("change")
    expect(widget_in(desk).get_by_test_id("customer-name")).to_be_visible()

    expect(desk.locator("#id_color_text")).to_be_focused()


def test_a_visit_is_booked_in_the_preview_and_nowhere_else(desk: Page, site: Site) -> None:
    counted = ("bookings_booking", "bookings_hold", "booking_sessions_bookingsession")

    def rows() -> list[Any]:
        return [site.sql(f"SELECT count(*) FROM {table}") for table in counted]  # noqa: S608  (ours)

    before = rows()
    desk.goto(kit_page(site))
    frame = widget_in(desk)
    expect(frame.get_by_text("nothing is booked")).to_be_visible()
    desk.select_option("[data-preview-jump]", "timeslot")
    frame.locator("[data-testid^=time-]").first.click()
    expect(frame.get_by_text("Held for you")).to_be_visible()
    desk.select_option("[data-preview-jump]", "summary")
    frame.get_by_test_id("book").click()
    expect(frame.get_by_test_id("reference")).to_have_text("PREVIEW")
    expect(desk.locator("[data-preview-jump]")).to_have_value("done")

    assert rows() == before


def test_devices_collapsing_and_the_keyboard(desk: Page, site: Site) -> None:
    desk.goto(kit_page(site))
    frame = widget_in(desk)
    expect(frame.get_by_test_id("zip-input")).to_be_visible()
    desk.get_by_label("Desktop").check(force=True)
    assert desk.locator("[data-preview-frame]").evaluate("(frame) => frame.style.width") == "720px"
    assert look_of(desk, "zip-input", "display") == "block"

    # Into the widget by Tab, and out of it again: no trap.
    desk.get_by_title("Open in a tab of its own").focus()
    for _ in range(12):
        desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.tagName") != "IFRAME"

    desk.set_viewport_size({"width": 375, "height": 812})
    toggle = desk.get_by_role("button", name="Show")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    expect(desk.locator("[data-preview-frame]")).to_be_visible()
    assert desk.evaluate(WIDER) <= 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("of", ["brandkit", "schedulerconfig"])
def test_axe_finds_nothing(desk: Page, site: Site, *, of: str, dark: bool) -> None:
    desk.emulate_media(color_scheme="dark" if dark else "light")
    desk.goto(f"{site.url}/admin/flows/{of}/")
    desk.locator("#result_list tbody th a").first.click()
    expect(desk.locator("[data-preview-jump]")).to_be_enabled()
    desk.evaluate(AXE.read_text())

    assert desk.evaluate(CHECK, "#content-main") == []


def test_the_phone_screen_shows_as_it_is_typed(desk: Page, site: Site) -> None:
    desk.goto(f"{site.url}/admin/flows/schedulerconfig/")
    desk.locator("#result_list tbody th a").first.click()
    expect(widget_in(desk).get_by_test_id("zip-input")).to_be_visible()

    desk.fill("#id_fallback_title", "Ring us, day or night")
    expect(widget_in(desk).get_by_text("Ring us, day or night")).to_be_visible()

    desk.fill("#id_target_click_elements", "#book-now\n..oops")
    expect(desk.get_by_text("Not a CSS selector: ..oops")).to_be_visible()
