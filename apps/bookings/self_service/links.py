"""The links by which customers manage a booking without signing in (seed 004).

A token is an HMAC of its row's id under a key of ours: it can be written into an answer or an e-mail again
and again, although the database keeps nothing but its digest. What decides is that digest: whoever reads the
table can neither use a link nor make one, and a link is good until it is revoked.
"""

import base64
from uuid import UUID

from django.utils.crypto import salted_hmac

from apps.bookings.errors import ManageLinkInvalid
from apps.bookings.models import Booking, Customer, ManageToken
from apps.core.clock import app_now
from apps.core.ids import new_id
from apps.core.tokens import token_digest

PREFIX = "mb_"  # "manage booking"; so that scanners for leaked secrets know what they have found
KEY_SALT = "wrkbelt.manage_links"
TOKEN_LENGTH = len(PREFIX) + 43


def new_link(booking: Booking) -> ManageToken:
    """A fresh link to a booking; `token_of` its id is what the customer gets."""
    link = ManageToken(id=new_id(), organization_id=booking.organization_id, booking=booking)
    link.digest = token_digest(token_of(link.id))
    link.save(force_insert=True)
    return link


def issue_link(booking: Booking) -> str:
    """The token of a fresh link to a booking. Stored answers keep `new_link`'s id instead."""
    return token_of(new_link(booking).id)


def token_of(link_id: UUID) -> str:
    """The token of a link: `mb_` and 256 bits as URL-safe text."""
    mac = salted_hmac(KEY_SALT, link_id.bytes, algorithm="sha256").digest()
    return PREFIX + base64.urlsafe_b64encode(mac).decode().rstrip("=")


def newest_token_of(booking: Booking) -> str | None:
    """The token of the newest link to a booking that is still good; None where there is none."""
    good = ManageToken.objects.for_organization(booking.organization_id).filter(
        booking=booking, revoked_at__isnull=True
    )
    newest = good.order_by("-id").first()
    if newest is None:
        return None
    token = token_of(newest.id)
    # One from before the key was changed is good, but cannot be made again.
    return token if token_digest(token) == bytes(newest.digest) else None


def booking_of_link(token: str) -> Booking:
    """The booking that a token is for, with its customer, location and the organization's policy.

    Compared by digest, so the time that it takes says nothing about how much of a guess was right. Raises
    ManageLinkInvalid for one that is unknown or revoked, and where the business is closed.
    """
    if len(token) != TOKEN_LENGTH or not token.startswith(PREFIX):
        raise ManageLinkInvalid
    link = (
        ManageToken.objects.all_organizations(reason="the token is what names the booking")
        .filter(digest=token_digest(token), revoked_at__isnull=True, booking__organization__active=True)
        .select_related("booking__customer", "booking__location", "booking__organization__policy")
        .first()
    )
    if link is None:
        raise ManageLinkInvalid
    return link.booking


def revoke_links(booking: Booking) -> int:
    """End every link to a booking; returns how many were good until now."""
    good = ManageToken.objects.for_organization(booking.organization_id).filter(
        booking=booking, revoked_at__isnull=True
    )
    now = app_now()
    return good.update(revoked_at=now, updated_at=now)


def revoke_links_of_customer(customer: Customer) -> int:
    """End every link to any booking of a customer; returns how many were good until now."""
    good = ManageToken.objects.for_organization(customer.organization_id).filter(
        booking__customer=customer, revoked_at__isnull=True
    )
    now = app_now()
    return good.update(revoked_at=now, updated_at=now)
