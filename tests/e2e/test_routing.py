"""Which page opens which flow, in a real browser: two rules that could meet, and a page that is tried."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.desk import sign_in, window

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> Any:
    """The cookies of the demo business's admin."""
    return sign_in(browser, site, "admin")


@pytest.fixture
def desk(browser: Browser, signed_in: Any) -> Iterator[Page]:
    """A signed-in window."""
    with window(browser, storage_state=signed_in) as page:
        yield page


def add_rule(desk: Page, site: Site, *, path: str, priority: int, source: str = "") -> None:
    """Write a rule as staff do, and save it."""
    desk.goto(f"{site.url}/admin/routing/bookingflowrouter/add/")
    desk.select_option("#id_path_match", "glob")
    desk.fill("#id_path", path)
    if source:
        desk.get_by_role("button", name="Add a condition").click()
        desk.locator("[data-bo-rows=conditions] [name$='-value']").last.fill(source)
    desk.locator("#id_flow").select_option(label="Book a plumber")
    desk.fill("#id_priority", str(priority))
    desk.locator("button[name=_save]").click()


def test_a_conflict_is_shown_with_a_page_and_mended(desk: Page, site: Site) -> None:
    add_rule(desk, site, path="/offers/*", priority=71, source="google")
    expect(desk.get_by_text("was added successfully")).to_be_visible()

    add_rule(desk, site, path="/*/spring", priority=71)
    refusal = desk.get_by_text("/offers/spring?utm_source=google, for one")
    expect(refusal).to_be_visible()
    expect(desk.get_by_text(re.compile("pages like /offers/\\*"))).to_be_visible()
    expect(desk.locator("#id_path")).to_have_value("/*/spring")

    desk.fill("#id_priority", "72")
    desk.locator("button[name=_save]").click()
    expect(desk.get_by_text("was added successfully")).to_be_visible()


def test_examples_follow_what_is_typed(desk: Page, site: Site) -> None:
    desk.goto(f"{site.url}/admin/routing/bookingflowrouter/add/")
    desk.select_option("#id_path_match", "glob")
    desk.fill("#id_path", "/services/*")
    expect(desk.locator("[data-bo-fits]")).to_contain_text("/services/x")
    expect(desk.locator("[data-bo-others]")).to_contain_text("/about")
    desk.fill("#id_path", "services")
    expect(desk.locator("[data-bo-problem]")).to_contain_text("slash in front")


@pytest.mark.parametrize("width", [1280, 375])
def test_a_page_is_tried_against_every_rule(desk: Page, site: Site, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(f"{site.url}/admin/routing/test/")
    desk.get_by_label("Paste the address of a page").fill("https://www.example.com/plumbing/leaks?x=1")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Customers see “Book a plumber”")).to_be_visible()
    expect(desk.get_by_text("/plumbing/leaks is /plumbing or below it.")).to_be_visible()
    expect(desk.locator(".bo-verdict-wins")).to_have_count(1)
    assert desk.evaluate(WIDER) == 0
