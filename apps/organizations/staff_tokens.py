"""The staff's tokens for `/admin/v1`: signed here, read here, and in one way only (DESIGN §12).

An access token lives for minutes and is read without a look at any list; who it names is looked up on every
request all the same. A refresh token works once. The tokens that come of one sign-in are a family: when a
used one comes back, somebody has copied it, and the whole family ends.

Lifetimes run by the host's clock, as in any JWT; everything that must be exact is in the database.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token
from rest_framework_simplejwt.utils import aware_utcnow, datetime_from_epoch

from apps.core.errors import TokenInvalid
from apps.organizations.errors import TokenExpired
from apps.organizations.models import Membership, User

ALGORITHM = "HS256"
ISSUER = "wrkbelt-scheduler"
AUDIENCE = "admin/v1"
KEY_SALT = "wrkbelt.staff_tokens"
MAX_LENGTH = 4096


@lru_cache(maxsize=4)
def _backend(secret: str) -> TokenBackend:
    key = salted_hmac(KEY_SALT, ALGORITHM, secret=secret, algorithm="sha256").hexdigest()
    return TokenBackend(ALGORITHM, signing_key=key, audience=AUDIENCE, issuer=ISSUER)


def backend() -> TokenBackend:
    """What signs and reads: one algorithm, and a key that is used for nothing else."""
    return _backend(settings.JWT_SIGNING_KEY or settings.SECRET_KEY)


class StaffAccessToken(AccessToken):
    """What opens `/admin/v1` for some minutes."""

    def get_token_backend(self) -> TokenBackend:
        """Ours."""
        return backend()


class StaffRefreshToken(RefreshToken):
    """What a new pair is given for, once."""

    access_token_class = StaffAccessToken

    def get_token_backend(self) -> TokenBackend:
        """Ours."""
        return backend()

    def check_blacklist(self) -> None:
        """Not while reading: whether it was used is decided under the family's lock."""


@dataclass(frozen=True, slots=True)
class StaffClaims:
    """Whom a token names. `stamp` changes with the password; `family` is the sign-in that it comes from."""

    user_id: UUID
    organization_id: UUID
    stamp: str
    family: UUID
    jti: str


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What somebody who signs in gets. Lifetimes are in seconds."""

    access: str
    refresh: str
    expires_in: int
    refresh_expires_in: int
    membership: Membership


def read_access_token(text: str) -> StaffClaims:
    """The claims of an access token. Raises TokenInvalid, TokenExpired."""
    return _read(StaffAccessToken, text)


def read_refresh_token(text: str) -> StaffClaims:
    """The claims of a refresh token, used or not. Raises TokenInvalid, TokenExpired."""
    return _read(StaffRefreshToken, text)


def _read(kind: type[Token], text: str) -> StaffClaims:
    if len(text) > MAX_LENGTH:
        raise TokenInvalid
    try:
        payload: dict[str, Any] = kind(text).payload  # type: ignore[arg-type]  # its text, whatever the library says
        return StaffClaims(
            user_id=UUID(payload["user_id"]),
            organization_id=UUID(payload["organization_id"]),
            stamp=str(payload["stamp"]),
            family=UUID(payload["family"]),
            jti=str(payload["jti"]),
        )
    except ExpiredTokenError as error:
        raise TokenExpired from error
    except (TokenError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise TokenInvalid from error


def stamp_of(user: User) -> str:
    """Changes with the password, so that all tokens from before end with it."""
    return user.get_session_auth_hash()[:32]


def membership_of(claims: StaffClaims) -> Membership | None:
    """The membership that a token speaks for, as it is now; None if the person or the business is out."""
    membership = (
        Membership.objects.for_organization(claims.organization_id)
        .filter(user_id=claims.user_id, user__is_active=True, organization__active=True)
        .select_related("user", "organization__policy")
        .first()
    )
    if membership is None or not constant_time_compare(stamp_of(membership.user), claims.stamp):
        return None
    return membership


def issue_pair(membership: Membership, *, family: UUID | None = None) -> TokenPair:
    """A new pair of a family, or the first one of a new family. Call it in a transaction.

    simplejwt's list has a column for the token's text; here it holds the family, so that nobody who reads
    the table can use what stands in it.
    """
    refresh = StaffRefreshToken()
    family = family or uuid4()
    refresh["user_id"] = str(membership.user_id)
    refresh["organization_id"] = str(membership.organization_id)
    refresh["role"] = membership.role
    refresh["stamp"] = stamp_of(membership.user)
    refresh["family"] = str(family)
    OutstandingToken.objects.create(
        user=membership.user,
        jti=refresh["jti"],
        token=str(family),
        created_at=refresh.current_time,
        expires_at=datetime_from_epoch(refresh["exp"]),
    )
    return TokenPair(
        access=str(refresh.access_token),
        refresh=str(refresh),
        expires_in=int(StaffAccessToken.lifetime.total_seconds()),
        refresh_expires_in=int(StaffRefreshToken.lifetime.total_seconds()),
        membership=membership,
    )


def lock_family(family: UUID) -> None:
    """One at a time: whoever renews or ends a family holds this until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [family.int >> 65])


def use_up(claims: StaffClaims) -> bool:
    """Mark a refresh token of a locked family as used; False if it was used before, or is not ours."""
    row = OutstandingToken.objects.filter(jti=claims.jti, token=str(claims.family)).first()
    if row is None:
        return False
    _, fresh = BlacklistedToken.objects.get_or_create(token=row)
    return fresh


def end_family(claims: StaffClaims) -> int:
    """End every token of a locked family; returns how many had not been used."""
    live = OutstandingToken.objects.filter(
        user_id=claims.user_id, token=str(claims.family), blacklistedtoken__isnull=True
    )
    return len(BlacklistedToken.objects.bulk_create(BlacklistedToken(token=row) for row in live))


def forget_expired_tokens() -> int:
    """Delete what has expired by itself; returns how many."""
    expired = OutstandingToken.objects.filter(expires_at__lte=aware_utcnow())
    count = expired.count()
    expired.delete()
    return count
