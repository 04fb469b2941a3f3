"""The links by which customers manage their bookings."""

import pytest

from apps.bookings.errors import ManageLinkInvalid
from apps.bookings.models import ManageToken
from apps.bookings.self_service.links import (
    booking_of_link,
    issue_link,
    new_link,
    newest_token_of,
    revoke_links,
    token_of,
)
from tests.bookings.support import book
from tests.factories.availability import SlotFactory

pytestmark = pytest.mark.django_db


def test_a_link_leads_to_its_booking() -> None:
    booking, other = book(SlotFactory.create()), book(SlotFactory.create())

    assert booking_of_link(issue_link(booking)) == booking
    assert booking_of_link(issue_link(other)) == other


def test_its_token_can_be_made_again_and_is_not_stored() -> None:
    link = new_link(book(SlotFactory.create()))

    assert token_of(link.id) == token_of(link.id)
    assert token_of(link.id).encode() not in bytes(ManageToken.objects.get().digest)
    assert len(bytes(link.digest)) == 32


def test_several_are_good_until_all_are_revoked() -> None:
    booking = book(SlotFactory.create())
    tokens = [issue_link(booking), issue_link(booking)]
    other = book(SlotFactory.create())
    others = issue_link(other)

    assert revoke_links(booking) == 2

    for token in tokens:
        with pytest.raises(ManageLinkInvalid):
            booking_of_link(token)
    assert booking_of_link(others) == other
    assert revoke_links(booking) == 0


@pytest.mark.parametrize("token", ["", "mb_", "x" * 46, "mb_" + "a" * 43, "mb_" + "a" * 10_000, "mb_\x00é"])
def test_whatever_else_leads_nowhere(token: str) -> None:
    issue_link(book(SlotFactory.create()))

    with pytest.raises(ManageLinkInvalid):
        booking_of_link(token)


def test_a_closed_business_has_no_links() -> None:
    booking = book(SlotFactory.create())
    token = issue_link(booking)
    booking.organization.active = False
    booking.organization.save()

    with pytest.raises(ManageLinkInvalid):
        booking_of_link(token)


def test_another_key_makes_another_token_but_old_ones_stay_good(settings: pytest.FixtureRequest) -> None:
    link = new_link(book(SlotFactory.create()))
    token = token_of(link.id)

    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]  # pytest-django's fixture is untyped

    assert token_of(link.id) != token
    assert newest_token_of(link.booking) is None  # no longer to be made, and a wrong one is none
    assert booking_of_link(token) == link.booking
