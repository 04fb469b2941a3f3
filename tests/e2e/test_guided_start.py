"""A new business in a real browser: from a link in the operator's terminal to a customer on its site."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site

pytestmark = pytest.mark.browser
PASSPHRASE = "not-a-common-one-7"


class OwnSite:
    """The business's website: one page that says what it is given, on an origin of its own."""

    def __init__(self) -> None:
        site = self
        self.page = "<!doctype html><title>Front Range</title><h1>Front Range Plumbing</h1>"

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """The page."""
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(site.page.encode())

            def log_message(self, *_arguments: object) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def own_site() -> Iterator[OwnSite]:
    """A second server, until the test ends."""
    running = OwnSite()
    yield running
    running.server.shutdown()
    running.server.server_close()


def go_on(page: Page, step: str) -> None:
    """Send the step that is open, and wait for the next one."""
    page.locator(f"#{step}[open]").get_by_role("button", name="Save and go on").click()


def test_from_a_link_to_a_site_that_is_live(browser: Browser, site: Site, own_site: OwnSite) -> None:
    made = site.manage(
        "create_organization", "Front Range Plumbing", "pat@frontrange.example",
        "--timezone", "America/Denver", "--base-url", site.url,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))

    page.goto(made.stdout.strip().splitlines()[-1])
    page.get_by_label("New password", exact=True).fill(PASSPHRASE)
    page.get_by_label("New password confirmation").fill(PASSPHRASE)
    page.get_by_role("button", name="Set the password and begin").click()
    page.locator(".bo-start-panel").get_by_role("link", name="Get started").click()

    page.get_by_label("Whom can customers call?").fill("(303) 555-0142")
    go_on(page, "business")
    page.locator("#template[open]").get_by_role("button", name="Plumbing").click()
    go_on(page, "hours")
    go_on(page, "brand")
    page.get_by_label("Your website").fill(own_site.origin)
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("Waiting for your site")).to_be_visible()
    own_site.page += page.locator("#bo-start-snippet").inner_text()

    customer = browser.new_context(locale="en-US").new_page()
    customer.goto(own_site.origin)
    customer.get_by_role("button", name="Book now").click()
    expect(customer.get_by_text("What can we do for you?")).to_be_visible(timeout=30_000)
    expect(customer.get_by_role("button", name="Something is blocked")).to_be_visible()

    page.bring_to_front()
    expect(page.get_by_text("Your site is live.")).to_be_visible(timeout=30_000)
    expect(page.get_by_text(own_site.origin, exact=False).last).to_be_visible()
    customer.context.close()
    context.close()
    assert failures == []
