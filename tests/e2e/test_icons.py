"""Choosing an icon, by mouse and by keyboard; and that icons made one path look like Lucide's own files."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.core import icons
from tests.e2e.conftest import Site

pytestmark = pytest.mark.browser

# One for each shape that Lucide's files are made of, and for starts that count from the last point.
SHAPES = (
    "wrench",
    "circle",
    "ellipsis",
    "database",
    "minus",
    "calendar",
    "square",
    "rectangle-ellipsis",
    "credit-card",
    "activity",
    "chevrons-up-down",
    "house",
    "message-circle-question-mark",
    "palette",
    "battery",
    "cylinder",
    "dices",
    "wifi",
)

DRAWN_ALIKE = """async ([files, paths]) => {
  const draw = async (svg) => {
    const image = new Image();
    image.src = "data:image/svg+xml," + encodeURIComponent(svg);
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 96;
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0, 96, 96);
    return context.getImageData(0, 0, 96, 96).data;
  };
  const frame = 'xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" '
    + 'stroke="black" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  const wrong = [];
  for (const [name, file] of Object.entries(files)) {
    const one = await draw(file.replaceAll("currentColor", "black"));
    const other = await draw(`<svg ${frame}><path d="${paths[name]}"/></svg>`);
    let off = 0;
    let ink = 0;
    for (let at = 3; at < one.length; at += 4) {
      if (Math.abs(one[at] - other[at]) > 96) off += 1;
      if (one[at] > 96) ink += 1;
    }
    if (off > 20 || ink === 0) wrong.push(name);
  }
  return wrong;
}"""


def test_paths_look_like_the_files_that_they_were_made_from(browser: Browser) -> None:
    page = browser.new_page()
    archive = icons._archive()
    files = {name: archive.read(f"{name}.svg").decode() for name in SHAPES}

    wrong = page.evaluate(DRAWN_ALIKE, [files, {name: icons.icon_path(name) for name in SHAPES}])
    swapped = page.evaluate(DRAWN_ALIKE, [{"house": files["house"]}, {"house": icons.icon_path("wifi")}])
    page.close()

    assert wrong == []
    assert swapped == ["house"]


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> Any:
    """The cookies of the demo business's owner."""
    page = browser.new_page()
    page.goto(f"{site.url}/admin/login/")
    page.fill("[name=username]", "admin@summitpeak.example")
    page.fill("[name=password]", "admin-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/admin/")
    state = page.context.storage_state()
    page.close()
    return state


@pytest.fixture(params=[1280, 375], ids=["desktop", "phone"])
def desk(request: pytest.FixtureRequest, browser: Browser, signed_in: Any) -> Iterator[Page]:
    """A signed-in window. A script error on a page fails the test."""
    context = browser.new_context(
        storage_state=signed_in, viewport={"width": request.param, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    context.close()
    assert failures == []


def open_form(desk: Page, site: Site) -> None:
    desk.goto(f"{site.url}/admin/content/bookingservice/add/")
    desk.fill("[name=title]", f"Thawing pipes {desk.viewport_size}")


def test_is_chosen_by_keyboard_alone(desk: Page, site: Site) -> None:
    open_form(desk, site)
    button = desk.locator("[data-icon-open]")
    button.focus()

    desk.keyboard.press("Enter")
    expect(desk.get_by_role("combobox", name="Search icons")).to_be_focused()
    desk.keyboard.type("snowfl")
    expect(desk.locator(".bo-icon-grid > *")).to_have_count(2)
    desk.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_contain_text("No icon")
    desk.keyboard.press("Enter")
    desk.keyboard.type("flame")
    expect(desk.locator("[data-active]")).to_have_attribute("data-name", "flame")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowLeft")
    desk.keyboard.press("Enter")

    expect(button).to_be_focused()
    expect(button).to_contain_text("flame")
    expect(desk.locator("[data-icon-path]")).to_have_attribute("d", icons.icon_path("flame"))
    assert desk.locator("[name=icon]").input_value() == "flame"


def test_is_found_by_what_people_call_it_and_taken_off_again(desk: Page, site: Site) -> None:
    open_form(desk, site)
    desk.locator("[data-icon-open]").click()
    desk.get_by_role("combobox", name="Search icons").fill("heating")

    desk.get_by_role("option", name="flame", exact=True).click()
    assert desk.locator("[name=icon]").input_value() == "flame"
    desk.locator("[data-icon-open]").click()
    desk.get_by_role("button", name="No icon", exact=True).click()

    assert desk.locator("[name=icon]").input_value() == ""
    expect(desk.locator("[data-icon-open]")).to_contain_text("No icon")


def test_the_list_says_when_nothing_is_called_that(desk: Page, site: Site) -> None:
    open_form(desk, site)
    desk.locator("[data-icon-open]").click()

    desk.get_by_role("combobox", name="Search icons").fill("qqqq")

    expect(desk.get_by_text("No icon is called that.")).to_be_visible()
