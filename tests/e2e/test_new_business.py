"""A new business in a real browser: from a link to a live site, and to a change that is booked through."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, Site
from tests.e2e.customer import Customer
from tests.e2e.owner import Owner, OwnSite
from tests.e2e.test_graph_editor import follow, part, save, show_all

pytestmark = pytest.mark.browser

SHOTS = ROOT / "test-results" / "screenshots"
NEWS = "The drain outside smells"


@pytest.fixture
def owner(browser: Browser, site: Site) -> Iterator[Owner]:
    """Somebody whose business begins today. A script error on a page of theirs fails the test."""
    context = browser.new_context(
        locale="en-US", viewport={"width": 1400, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    yield Owner(page, site)
    context.close()
    assert failures == []


@pytest.fixture
def own_site() -> Iterator[OwnSite]:
    """A second server, until the test ends."""
    running = OwnSite()
    yield running
    running.close()


def visit(browser: Browser, site: Site, own_site: OwnSite) -> Customer:
    """Somebody who opens the widget on the business's own site, with a phone."""
    context = browser.new_context(locale="en-US", viewport={"width": 375, "height": 740})
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(own_site.origin)
    page.get_by_role("button", name="Book now").click()
    expect(page.get_by_role("button", name="Something is blocked")).to_be_visible()
    return Customer(page, site)


def book(customer: Customer, *, phone: str) -> str:
    """From the details to the end; returns the reference."""
    customer.go_on()
    customer.pick_first_time()
    customer.go_on()
    customer.see("customer-name").fill("Ada Lovelace")
    customer.see("customer-phone").fill(phone)
    customer.see("address-line1").fill("1600 Wynkoop Street")
    customer.see("address-city").fill("Denver")
    customer.see("address-postal").fill("80205")
    customer.go_on()
    return customer.book()


def shot(page: Page, name: str) -> None:
    """Keep what is seen, for a person to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"new-business-{name}.png")


def test_from_a_link_to_a_site_that_is_live(
    browser: Browser, site: Site, owner: Owner, own_site: OwnSite
) -> None:
    owner.opens("Front Range Plumbing", "pat@frontrange.example")
    owner.sets_up_with("Plumbing", own_site)

    customer = visit(browser, site, own_site)

    owner.page.bring_to_front()
    expect(owner.page.get_by_text("Your site is live.")).to_be_visible()
    expect(owner.page.get_by_text(own_site.origin, exact=False).last).to_be_visible()
    customer.page.context.close()


def test_a_flow_is_changed_and_published_while_somebody_books(
    browser: Browser, site: Site, owner: Owner, own_site: OwnSite
) -> None:
    owner.opens("Mile High Plumbing", "sam@milehigh.example")
    owner.sets_up_with("Plumbing", own_site)
    earlier = visit(browser, site, own_site)

    page = owner.page
    page.goto(f"{site.url}/admin/flows/bookingflow/")
    page.get_by_role("link", name="Book a plumber").click()
    flow_url = page.url
    page.get_by_role("link", name="Edit questions and answers").first.click()
    graph_url = page.url
    show_all(page)
    follow(page, "asked first", NEWS, choose="Write a new answer")
    page.get_by_role("button", name="Problems").click()
    page.get_by_role("button", name="ends without a service").click()
    expect(part(page, NEWS).locator(".ge-tone-problem")).to_be_visible()
    shot(page, "mistake")
    save(page)
    page.goto(flow_url)
    expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    expect(page.get_by_text("ends without a service").first).to_be_visible()

    page.goto(graph_url)
    show_all(page)
    follow(page, NEWS, "Drain clearing", choose="Drain clearing")
    page.get_by_role("button", name="Problems").click()
    expect(page.get_by_text("Nothing to mend.")).to_be_visible()
    shot(page, "mended")
    save(page)
    page.goto(flow_url)
    page.get_by_role("link", name="Publish").click()
    expect(page.get_by_role("dialog")).to_contain_text(NEWS)
    shot(page, "publish")
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("Customers see version 2 from now on.").first).to_be_visible()

    later = visit(browser, site, own_site)
    later.choose(NEWS)
    shot(later.page, "later")
    booked_later = book(later, phone="(303) 555-0188")
    expect(earlier.page.get_by_role("button", name=NEWS)).to_have_count(0)
    earlier.choose("Something is blocked", "Kitchen sink")
    booked_earlier = book(earlier, phone="(303) 555-0189")

    assert versions_of(site, booked_earlier, booked_later) == [(1, "confirmed"), (2, "confirmed")]
    verified = site.manage("verify_invariants")
    assert verified.returncode == 0, verified.stdout
    earlier.page.context.close()
    later.page.context.close()


def versions_of(site: Site, *references: str) -> list[tuple[int, str]]:
    """Of each booking: the flow's version that its visitor went through, and how it stands."""
    return [
        (number, status)
        for reference in references
        for number, status in site.sql(
            "SELECT version.number, booking.status FROM bookings_booking booking "
            "JOIN booking_sessions_bookingsession visitor ON visitor.id = booking.session_id "
            "JOIN flows_flowversion version ON version.id = visitor.flow_version_id "
            "WHERE booking.reference = %s",
            reference,
        )
    ]
