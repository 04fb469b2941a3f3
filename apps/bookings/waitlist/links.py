"""The links by which somebody who waits answers an offer (seed 004).

As with the links to bookings (links.py), a token is an HMAC of its row's id under a key of ours and can be
written into a message again and again; the database keeps nothing but its digest.
"""

import base64
from uuid import UUID

from django.utils.crypto import salted_hmac

from apps.bookings.models import WaitlistOffer
from apps.bookings.waitlist.errors import WaitlistOfferUnknown
from apps.core.tokens import token_digest

PREFIX = "wo_"  # "waitlist offer"
KEY_SALT = "wrkbelt.waitlist_offers"
TOKEN_LENGTH = len(PREFIX) + 43


def token_of_offer(offer_id: UUID) -> str:
    """The token of an offer: `wo_` and 256 bits as URL-safe text."""
    mac = salted_hmac(KEY_SALT, offer_id.bytes, algorithm="sha256").digest()
    return PREFIX + base64.urlsafe_b64encode(mac).decode().rstrip("=")


def digest_of_offer(offer_id: UUID) -> bytes:
    """What is stored of an offer's token."""
    return token_digest(token_of_offer(offer_id))


def offer_of_token(token: str) -> WaitlistOffer:
    """The offer of a token, with its hold, entry, booking and policy. Raises WaitlistOfferUnknown."""
    if len(token) != TOKEN_LENGTH or not token.startswith(PREFIX):
        raise WaitlistOfferUnknown
    offer = (
        WaitlistOffer.objects.all_organizations(reason="the token is what names the offer")
        .filter(digest=token_digest(token), organization__active=True)
        .select_related("hold__location", "entry__booking", "organization__policy")
        .first()
    )
    if offer is None:
        raise WaitlistOfferUnknown
    return offer
