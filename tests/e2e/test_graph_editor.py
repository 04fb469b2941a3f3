"""Drawing a question graph in a real browser: by mouse, by keyboard, zoomed in, in the dark, two at once."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import ROOT, Site
from tests.e2e.desk import sign_in, window

pytestmark = pytest.mark.browser

AXE = ROOT / "apps/widget/client/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
CHECK = f"""async () => (await axe.run('.ge-editor', {{ runOnly: {json.dumps(RULES)} }})).violations
    .flatMap((found) => found.nodes.map((node) => `${{found.id}}: ${{node.html.slice(0, 160)}}`))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NEW_FLOW = """
from apps.core.actors import Actor
from apps.flows.commands.create_flow import create_flow
from apps.organizations.models import Organization
organization = Organization.objects.get(name="Summit Peak Home Services")
flow = create_flow(actor=Actor.system(organization.pk), title="{title}")
print("step", flow.steps.get(step_type="service_selection").pk)
"""


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> Any:
    """The cookies of the demo business's admin."""
    if not (ROOT / "static/backoffice/build/graph.js").exists():
        pytest.fail("The graph editor is not built: run `make editor` first.")
    return sign_in(browser, site, "admin")


@pytest.fixture
def desk(browser: Browser, signed_in: Any) -> Iterator[Page]:
    """A signed-in window."""
    with window(browser, storage_state=signed_in, viewport={"width": 1400, "height": 900}) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        yield page


@pytest.fixture
def empty_graph(site: Site, request: pytest.FixtureRequest) -> str:
    """The address of a new flow's graph."""
    done = site.manage("shell", "--command", NEW_FLOW.format(title=request.node.name[:100]))
    found = re.search(r"step (\S+)", done.stdout)
    assert found, done.stdout + done.stderr
    return f"{site.url}/admin/flows/steps/{found[1]}/graph/"


@pytest.fixture
def demo_graph(site: Site) -> str:
    """The address of the demo business's own graph, of some sixty parts."""
    ((step_id,),) = site.sql(
        "SELECT step.id FROM flows_bookingflowstep step "
        "JOIN flows_bookingflow flow ON flow.id = step.flow_id "
        "JOIN organizations_organization business ON business.id = flow.organization_id "
        "WHERE step.step_type = 'service_selection' AND flow.title = 'Book a visit' "
        "AND business.name = 'Summit Peak Home Services'"
    )
    return f"{site.url}/admin/flows/steps/{step_id}/graph/"


def part(page: Page, words: str) -> Locator:
    """A question, an answer or a service on the canvas."""
    return page.locator(".react-flow__node").filter(has_text=words)


def follow(page: Page, after: str, words: str, *, choose: str | None = None) -> None:
    """Press a part's plus, write, and take what is offered first, or what is named."""
    part(page, after).locator(".ge-out").click()
    page.get_by_role("dialog").get_by_role("combobox").fill(words)
    if choose:
        page.get_by_role("option", name=choose).first.click()
    else:
        page.keyboard.press("Enter")


def show_all(page: Page) -> None:
    page.get_by_role("button", name="Fit View").click()


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def draw_two_answers(page: Page) -> None:
    """A question with two answers, one of which leads to a service."""
    page.get_by_role("button", name="Write the first question").click()
    page.get_by_role("dialog").get_by_role("combobox").fill("What is wrong?")
    page.keyboard.press("Enter")
    follow(page, "What is wrong?", "The drain is slow", choose="Write a new answer")
    follow(page, "What is wrong?", "No hot water", choose="Write a new answer")
    follow(page, "The drain is slow", "Drain clearing", choose="Drain clearing")
    show_all(page)


def test_a_graph_is_drawn_mended_saved_and_found_again(desk: Page, empty_graph: str) -> None:
    desk.goto(empty_graph)
    expect(desk.get_by_role("heading", name="Start with the first question")).to_be_visible()
    draw_two_answers(desk)

    desk.get_by_role("button", name="Problems").click()
    desk.get_by_role("button", name="ends without a service").click()
    expect(part(desk, "No hot water").locator(".ge-tone-problem")).to_be_visible()
    expect(part(desk, "Drain clearing").locator(".ge-faded")).to_be_visible()
    expect(desk.locator(".ge-way-problem")).to_have_count(1)

    follow(desk, "No hot water", "Water heater check", choose="Water heater check")
    desk.get_by_role("button", name="Problems").click()
    expect(desk.get_by_text("Nothing to mend.")).to_be_visible()
    save(desk)

    desk.reload()
    expect(desk.locator(".react-flow__node")).to_have_count(5)
    expect(part(desk, "What is wrong?")).to_contain_text("asked first")
    expect(desk.get_by_role("button", name="Save")).to_be_disabled()


def test_every_edit_can_be_undone_and_done_again(desk: Page, empty_graph: str) -> None:
    desk.goto(empty_graph)
    draw_two_answers(desk)
    parts = desk.locator(".react-flow__node")
    expect(parts).to_have_count(4)

    for left in (3, 2, 1, 0):
        desk.keyboard.press("Control+z")
        expect(parts).to_have_count(left)
    for _ in range(4):
        desk.keyboard.press("Control+Shift+z")
    expect(parts).to_have_count(4)
    expect(desk.locator(".react-flow__edge")).to_have_count(3)

    part(desk, "No hot water").click()
    desk.keyboard.press("Delete")
    expect(parts).to_have_count(3)
    desk.keyboard.press("Control+z")
    expect(part(desk, "No hot water")).to_be_visible()


def drag(page: Page, start: Locator, x: float, y: float, *, drop: bool = True) -> None:
    box = start.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(x - 30, y, steps=6)
    page.mouse.move(x, y, steps=4)
    if drop:
        page.mouse.up()


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_connections_are_dragged_and_illegal_ones_refused_with_the_reason(
    desk: Page, empty_graph: str
) -> None:
    desk.goto(empty_graph)
    draw_two_answers(desk)
    ways = desk.locator(".react-flow__edge")

    drag(
        desk,
        part(desk, "No hot water").locator(".ge-out"),
        *middle(part(desk, "The drain is slow")),
        drop=False,
    )
    expect(desk.locator(".ge-whynot")).to_have_text(
        "An answer leads to a question or a service. It cannot lead to an answer."
    )
    desk.mouse.up()
    expect(ways).to_have_count(3)

    drag(desk, part(desk, "No hot water").locator(".ge-out"), *middle(part(desk, "Drain clearing")))
    expect(ways).to_have_count(4)

    x, y = middle(part(desk, "No hot water"))
    drag(desk, part(desk, "Drain clearing").locator(".ge-out"), x + 40, y + 150)
    expect(desk.get_by_role("dialog", name="What should follow?")).to_be_visible()
    expect(desk.get_by_role("option", name="Write a new question")).to_be_visible()
    expect(desk.get_by_role("option", name="Write a new answer")).to_have_count(0)
    desk.keyboard.type("Is water still running?")
    desk.keyboard.press("Enter")
    expect(part(desk, "Is water still running?")).to_be_visible()
    expect(ways).to_have_count(5)


def test_choices_change_places(desk: Page, empty_graph: str) -> None:
    desk.goto(empty_graph)
    draw_two_answers(desk)
    part(desk, "What is wrong?").click()
    choices = desk.locator(".ge-choices").first.locator(".ge-partlink")
    expect(choices).to_have_text([re.compile("The drain is slow"), re.compile("No hot water")])

    desk.get_by_role("button", name="Move down").first.click()
    save(desk)
    desk.reload()

    part(desk, "What is wrong?").click()
    expect(choices.first).to_contain_text("No hot water")


def test_two_who_save_at_once_are_told_and_nothing_is_lost(
    desk: Page, browser: Browser, signed_in: Any, empty_graph: str
) -> None:
    desk.goto(empty_graph)
    draw_two_answers(desk)
    save(desk)
    other = browser.new_context(storage_state=signed_in, viewport={"width": 1400, "height": 900}).new_page()
    other.goto(empty_graph)
    follow(other, "What is wrong?", "Theirs", choose="Write a new answer")
    save(other)
    other.context.close()

    follow(desk, "What is wrong?", "Mine", choose="Write a new answer")
    desk.keyboard.press("Control+s")
    told = desk.get_by_role("dialog", name="Somebody else has saved meanwhile")
    expect(told).to_contain_text("1 part added: “Theirs”.")

    told.get_by_role("button", name="Show theirs").click()
    expect(part(desk, "Theirs")).to_be_visible()
    expect(part(desk, "Mine")).to_have_count(0)
    desk.keyboard.press("Control+z")
    expect(part(desk, "Mine")).to_be_visible()
    save(desk)


def test_what_was_not_saved_comes_back_after_a_reload_and_after_signing_in_again(
    desk: Page, site: Site, empty_graph: str
) -> None:
    desk.goto(empty_graph)
    draw_two_answers(desk)
    desk.wait_for_timeout(700)  # the tab keeps it after a pause in typing
    cookies = desk.context.cookies()
    desk.context.clear_cookies()
    desk.keyboard.press("Control+s")
    expect(desk.get_by_text("You have been signed out.")).to_be_visible()

    desk.context.add_cookies(cookies)  # type: ignore[arg-type]  # what was read is what is written
    desk.reload()
    desk.get_by_role("button", name="Bring them back").click()
    expect(part(desk, "No hot water")).to_be_visible()
    save(desk)


def test_it_works_by_keyboard_alone(desk: Page, empty_graph: str) -> None:
    desk.goto(empty_graph)
    desk.get_by_role("button", name="Write the first question").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    desk.keyboard.type("Which of our people do you know?")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Question", exact=True)).to_be_focused()

    part(desk, "Which of our people").focus()
    desk.keyboard.press("n")
    expect(desk.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    desk.keyboard.type("No heat")
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Answer", exact=True)).to_be_focused()
    part(desk, "Which of our people").focus()
    desk.keyboard.press("ArrowRight")
    expect(part(desk, "No heat")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Answer", exact=True)).to_be_focused()
    part(desk, "No heat").focus()
    desk.keyboard.press("Delete")
    expect(part(desk, "No heat")).to_have_count(0)
    expect(part(desk, "Which of our people")).to_be_focused()

    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog", name="Shortcuts")).to_be_hidden()


def test_it_is_walked_as_a_customer_and_searched(desk: Page, demo_graph: str) -> None:
    desk.goto(demo_graph)
    desk.get_by_role("button", name="Walk it").click()
    panel = desk.get_by_role("complementary", name="As a customer walks it")
    for answer in ("No hot water", "Gas", "Less than 10 years"):
        panel.get_by_role("button", name=re.compile(f"^{answer}")).click()
    expect(panel.get_by_role("heading", name="They book “Water heater repair (gas)”")).to_be_visible()
    expect(desk.locator(".ge-tone-now")).to_contain_text("Water heater repair (gas)")
    expect(desk.locator(".ge-way-walk")).to_have_count(6)

    panel.get_by_role("button", name="Start again").focus()
    desk.keyboard.press("/")
    desk.keyboard.type("thermostat")
    expect(desk.get_by_text(re.compile(r"1 of \d"))).to_be_visible()
    expect(desk.locator(".ge-tone-now")).to_be_in_viewport()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_any_panel(desk: Page, demo_graph: str, *, dark: bool) -> None:
    desk.emulate_media(color_scheme="dark" if dark else "light")
    desk.goto(demo_graph)
    if dark:
        expect(desk.locator("html")).to_have_class(re.compile("dark"))
    desk.evaluate(AXE.read_text())
    found = {}
    for panel in ("part", "Problems", "Walk it", "As a list"):
        if panel == "part":
            part(desk, "asked first").click()
        else:
            desk.get_by_role("button", name=panel).click()
        violations = desk.evaluate(CHECK)
        if violations:
            found[panel] = violations
    part(desk, "asked first").focus()
    desk.keyboard.press("n")
    if violations := desk.evaluate(CHECK):
        found["picker"] = violations
    assert found == {}


@pytest.mark.parametrize("width", [1280, 640, 820, 375])
def test_it_is_never_wider_than_the_window(desk: Page, demo_graph: str, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(demo_graph)
    expect(part(desk, "asked first")).to_be_visible()
    assert desk.evaluate(WIDER) <= 0

    desk.get_by_role("button", name="As a list").click()
    desk.get_by_role("button", name="No hot water").first.click()
    assert desk.evaluate(WIDER) <= 0
