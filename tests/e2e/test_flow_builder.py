"""An owner builds a flow in a real browser: drags, types, uploads, sees the widget follow, and publishes."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from tests.e2e.conftest import ROOT, Site
from tests.e2e.desk import sign_in, window
from tests.e2e.test_rota import AXE, CHECK, WIDER, WIDTHS

pytestmark = pytest.mark.browser

SHOTS = ROOT / "test-results" / "screenshots"
# The shorter of the demo's flows: other tests book through the longer one.
FLOW = "Book a plumber"
STEPS = [
    "Where do you need us?",
    "What do you need help with?",
    "When should we come?",
    "Who do we come to see?",
    "Everything right?",
]


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> Any:
    """The cookies of the demo business's admin."""
    return sign_in(browser, site, "admin")


@pytest.fixture
def desk(browser: Browser, signed_in: Any) -> Iterator[Page]:
    """A signed-in window."""
    with window(browser, storage_state=signed_in, viewport={"width": 1280, "height": 900}) as page:
        page.set_default_timeout(30_000)
        yield page


@pytest.fixture
def url(site: Site) -> str:
    """The flow's page."""
    ((flow_id,),) = site.sql("SELECT id FROM flows_bookingflow WHERE title = %s", FLOW)
    return f"{site.url}/admin/flows/bookingflow/{flow_id}/change/"


def card(page: Page, title: str) -> Locator:
    return page.locator(".bo-card").filter(has=page.get_by_role("heading", name=title))


def expect_order(page: Page, *titles: str) -> None:
    expect(page.locator(".bo-card h3")).to_have_text(list(titles))


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("[data-preview-frame]")


def expect_served(widget: FrameLocator, code: str, *, by: str) -> None:
    """Type a zip code into the preview, again while it is still fetching what was saved."""
    for _ in range(20):
        widget.get_by_test_id("zip-input").fill("")
        widget.get_by_test_id("zip-input").fill(code)
        if widget.get_by_test_id("zip-inside").filter(has_text=by).count():
            return
        widget.get_by_test_id("zip-input").page.wait_for_timeout(1000)
    pytest.fail(f"The preview does not serve {code}.")


def drag(page: Page, title: str, *, above: str) -> None:
    """Take a card by its handle and let it go above another one, as a hand does."""
    handle = card(page, title).locator("[data-bo-handle]").first.bounding_box()
    target = card(page, above).bounding_box()
    assert handle
    assert target
    x = handle["x"] + handle["width"] / 2
    page.mouse.move(x, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, target["y"] + target["height"] / 2, steps=8)
    page.mouse.move(x, target["y"] + 4, steps=4)


def resolved(site: Site) -> dict[str, Any]:
    """What the public endpoint answers for the page of this flow."""
    with urllib.request.urlopen(site.url) as page:  # noqa: S310  (our own server)
        found = re.search(r'data-api-key="([^"]+)"', page.read().decode())
    assert found
    request = urllib.request.Request(  # noqa: S310  (our own server)
        f"{site.url}/v1/booking-flow-routers/resolve",
        data=json.dumps({"url": f"{site.url}/plumbing"}).encode(),
        headers={"Content-Type": "application/json", "X-Api-Key": found[1], "Origin": site.url},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310  (our own server)
        flow: dict[str, Any] = json.load(answer)["flow"]
    return flow


class TestOrder:
    def test_a_step_is_dragged_and_says_what_that_breaks(self, desk: Page, url: str) -> None:
        desk.goto(url)
        drag(desk, "When should we come?", above="What do you need help with?")
        why = card(desk, "When should we come?").locator("[data-bo-why]")
        expect(why).to_have_text("“Date and time” needs to know the service first.")

        desk.mouse.up()

        expect_order(desk, STEPS[0], STEPS[2], STEPS[1], *STEPS[3:])
        expect(desk.get_by_text("1 thing to mend before it can be published")).to_be_visible()
        expect(desk.get_by_role("button", name="Publish")).to_be_disabled()
        drag(desk, "What do you need help with?", above="When should we come?")
        desk.mouse.up()
        expect_order(desk, *STEPS)
        expect(desk.get_by_text("1 thing to mend")).to_be_hidden()

    def test_escape_puts_a_step_back(self, desk: Page, url: str) -> None:
        desk.goto(url)
        drag(desk, "Everything right?", above="When should we come?")
        desk.keyboard.press("Escape")
        expect_order(desk, *STEPS)

    def test_arrow_keys_move_a_step_and_say_where_it_stands(self, desk: Page, url: str) -> None:
        desk.goto(url)
        handle = desk.get_by_role("button", name="Move “Where do you need us?”: drag")
        handle.focus()
        desk.keyboard.press("ArrowDown")
        expect_order(desk, STEPS[1], STEPS[0], *STEPS[2:])
        expect(desk.locator("[data-bo-announce]")).to_contain_text("is step 2 of 5")
        expect(desk.get_by_text("Moved. The draft has the steps in this order.").first).to_be_visible()
        expect(handle).to_be_focused()

        desk.keyboard.press("ArrowUp")

        expect_order(desk, *STEPS)
        expect(desk.locator("[data-bo-announce]")).to_contain_text("is step 1 of 5")

    def test_a_removed_step_comes_back(self, desk: Page, url: str) -> None:
        desk.goto(url)
        desk.get_by_role("button", name="Remove “What do you need help with?”").click()
        expect(desk.get_by_text("The flow has no step “Service selection”. Add one.")).to_be_visible()

        desk.get_by_role("button", name="Undo").click()

        expect_order(desk, *STEPS)
        expect(desk.get_by_text("The draft is the same.")).to_be_visible()


class TestSettings:
    def test_words_show_in_the_preview_as_they_are_typed(self, desk: Page, url: str) -> None:
        desk.goto(url)
        expect(preview(desk).get_by_role("heading", name="Where do you need us?")).to_be_visible()
        desk.get_by_role("link", name="Everything right?").click()
        expect(preview(desk).get_by_role("heading", name="Everything right?")).to_be_visible()

        desk.get_by_label("Title").fill("All right so far?")

        expect(preview(desk).get_by_role("heading", name="All right so far?")).to_be_visible()
        desk.once("dialog", lambda asked: asked.accept())
        desk.get_by_role("link", name="Close").click()
        expect(card(desk, "Everything right?")).to_be_visible()

    def test_what_is_typed_stays_when_another_step_is_moved(self, desk: Page, url: str) -> None:
        desk.goto(url)
        desk.get_by_role("link", name="Everything right?").click()
        desk.get_by_label("Your policy").fill("Not saved yet")
        desk.get_by_role("button", name="Move “Where do you need us?” down").click()
        expect_order(desk, STEPS[1], STEPS[0], *STEPS[2:])
        expect(desk.get_by_label("Your policy")).to_have_value("Not saved yet")
        desk.get_by_role("button", name="Move “Where do you need us?” up").click()
        expect_order(desk, *STEPS)
        expect(desk.get_by_label("Your policy")).to_have_value("Not saved yet")
        desk.once("dialog", lambda asked: asked.accept())
        desk.get_by_role("link", name="Close").click()

    def test_questions_are_added_and_put_in_order(self, desk: Page, url: str) -> None:
        desk.goto(url)
        desk.get_by_text("Add a step").click()
        desk.get_by_role("button", name="Details").click()
        expect(card(desk, "Tell us a little more")).to_be_visible()
        for label in ("Gate code", "Any pets?"):
            desk.get_by_role("button", name="Add a question").click()
            desk.get_by_label("Question", exact=True).last.fill(label)
        desk.get_by_label("Answer", exact=True).last.select_option("yes_no")
        desk.get_by_role("button", name="Move this question up").last.click()
        desk.get_by_role("button", name="Save in the draft").click()

        expect(card(desk, "Tell us a little more")).to_contain_text(
            "Asks 2 questions; none must be answered."
        )
        expect(desk.get_by_label("Question", exact=True).first).to_have_value("Any pets?")
        expect(preview(desk).get_by_text("Any pets?")).to_be_visible()
        desk.get_by_role("button", name="Remove “Tell us a little more”").click()
        expect_order(desk, *STEPS)


def test_zip_codes_are_written_uploaded_seen_and_published(
    desk: Page, url: str, site: Site, tmp_path: Path
) -> None:
    before = resolved(site)["version"]
    (tmp_path / "suburbs.csv").write_text("City,Zip code\nGolden,80401\nGolden,80402\nGolden,80403\n")
    desk.goto(url)
    desk.get_by_role("link", name="Where do you need us?").click()
    codes = desk.get_by_label("Zip codes").first
    codes.fill("80202-80212, 80218, Denver")
    expect(desk.get_by_text("Line 1: “Denver” is no zip code.")).to_be_visible()
    codes.fill("80202-80212, 80218")
    expect(desk.get_by_text("12 zip codes").first).to_be_visible()
    desk.locator("[data-bo-zips-file]").first.set_input_files(tmp_path / "suburbs.csv")
    expect(desk.get_by_text(re.compile(r"\b3 zip codes"))).to_be_visible()
    desk.get_by_role("button", name="Add to the list").click()
    expect(codes).to_have_value("80202-80212, 80218, 80401-80403")
    SHOTS.mkdir(parents=True, exist_ok=True)
    desk.screenshot(path=SHOTS / "builder-zip-codes.png", full_page=True)

    desk.get_by_role("button", name="Save in the draft").click()

    expect(card(desk, "Where do you need us?")).to_contain_text("Serves 25 zip codes in Denver and Phoenix.")
    expect(desk.get_by_text("The draft differs:")).to_be_visible()
    expect_served(preview(desk), "80402", by="Denver")
    assert resolved(site)["version"] == before

    desk.get_by_role("link", name="Publish").click()
    expect(desk.get_by_role("dialog")).to_contain_text("Where do you need us?: ")
    desk.get_by_role("button", name="Publish now").click()

    expect(desk.get_by_text(f"Customers see version {before + 1} from now on.").first).to_be_visible()
    flow = resolved(site)
    assert flow["version"] == before + 1
    (area, *_) = flow["steps"][0]["type_config"]["areas"]
    assert area["zip_ranges"] == [["80202", "80212"], ["80401", "80403"]]


class TestForEverybody:
    def opened(self, desk: Page, url: str) -> None:
        desk.goto(url)
        desk.get_by_role("link", name="Where do you need us?").click()
        expect(desk.get_by_label("Zip codes").first).to_be_visible()

    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    def test_axe_finds_nothing(self, desk: Page, url: str, site: Site, *, dark: bool) -> None:
        desk.emulate_media(color_scheme="dark" if dark else "light")
        self.opened(desk, url)
        desk.evaluate(AXE.read_text())
        assert desk.evaluate(CHECK, ".bo-build") == []
        desk.goto(f"{site.url}/admin/flows/start/")
        desk.evaluate(AXE.read_text())
        assert desk.evaluate(CHECK, "#content-main") == []

    @pytest.mark.parametrize("width", WIDTHS)
    def test_nothing_is_wider_than_the_window(self, desk: Page, url: str, width: int) -> None:
        desk.set_viewport_size({"width": width, "height": 800})
        self.opened(desk, url)
        assert desk.evaluate(WIDER) <= 0

    def test_works_without_its_program(self, desk: Page, url: str) -> None:
        page = desk
        page.route(re.compile(r"/builder\.js"), lambda route: route.abort())
        page.goto(url)
        page.get_by_role("button", name="Move “Where do you need us?” down").click()
        expect_order(page, STEPS[1], STEPS[0], *STEPS[2:])
        page.get_by_role("button", name="Move “Where do you need us?” up").click()
        expect_order(page, *STEPS)
        page.get_by_role("link", name="Everything right?").click()
        expect(page.get_by_label("Your policy")).to_be_visible()
