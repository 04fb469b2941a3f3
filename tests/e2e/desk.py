"""Staff at their desk: signed in once a file, a window a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site


def sign_in(browser: Browser, site: Site, who: str) -> Any:
    """The cookies of somebody of the demo business by their role there, such as "admin"."""
    page = browser.new_page()
    page.goto(f"{site.url}/admin/login/")
    page.fill("[name=username]", f"{who}@summitpeak.example")
    page.fill("[name=password]", f"{who}-demo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Today").first).to_be_visible()
    state = page.context.storage_state()
    page.close()
    return state


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[Page]:
    """A window for as long as the block takes. A script error on a page fails the test."""
    context = browser.new_context(locale="en-US", reduced_motion="reduce", **options)
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    context.close()
    assert failures == []
