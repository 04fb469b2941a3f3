"""Whoever opens a business: what they click, from the link in their mail to a site that is live."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site

PASSPHRASE = "not-a-common-one-7"


class OwnSite:
    """The business's website: one page that says what it is given, on an origin of its own."""

    def __init__(self) -> None:
        site = self
        self.page = "<!doctype html><title>A plumber</title><h1>A plumber's own site</h1>"

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

    def close(self) -> None:
        """Serve nobody any more."""
        self.server.shutdown()
        self.server.server_close()


@dataclass(frozen=True)
class Owner:
    """Somebody who has just been given a business here."""

    page: Page
    site: Site

    def opens(self, business: str, email: str) -> None:
        """Have the business made, follow the link, set a password, come to the guided start."""
        made = self.site.manage(
            "create_organization", business, email,
            "--timezone", "America/Denver", "--base-url", self.site.url,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        self.page.goto(made.stdout.strip().splitlines()[-1])
        self.page.get_by_label("New password", exact=True).fill(PASSPHRASE)
        self.page.get_by_label("New password confirmation").fill(PASSPHRASE)
        self.page.get_by_role("button", name="Set the password and begin").click()
        self.page.locator(".bo-start-panel").get_by_role("link", name="Get started").click()

    def sets_up_with(self, template: str, own_site: OwnSite) -> None:
        """Go through the five steps, and put the lines into the site."""
        self.page.get_by_label("Whom can customers call?").fill("(303) 555-0142")
        self.goes_on("business")
        self.page.locator("#template[open]").get_by_role("button", name=template).click()
        self.goes_on("hours")
        self.goes_on("brand")
        self.page.get_by_label("Your website").fill(own_site.origin)
        self.page.get_by_role("button", name="Make the key").click()
        expect(self.page.get_by_text("Waiting for your site")).to_be_visible()
        own_site.page += self.page.locator("#bo-start-snippet").inner_text()

    def goes_on(self, step: str) -> None:
        """Send the step that is open."""
        self.page.locator(f"#{step}[open]").get_by_role("button", name="Save and go on").click()
