"""Tokens that a visitor holds: one for the session, one for managing a booking."""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing

from apps.core.errors import SessionExpired

SESSION_SALT = "wrkbelt.session"


@dataclass(frozen=True, slots=True)
class SessionClaims:
    """What a session token says: which session, of which organization."""

    session_id: UUID
    organization_id: UUID


def issue_session_token(claims: SessionClaims) -> str:
    """A signed token; it names the session and is verified without a query."""
    return signing.dumps([claims.session_id.hex, claims.organization_id.hex], salt=SESSION_SALT)


def verify_session_token(token: str) -> SessionClaims:
    """The claims of a token that we signed within SESSION_TOKEN_HOURS. Raises SessionExpired."""
    try:
        session_hex, organization_hex = signing.loads(
            token, salt=SESSION_SALT, max_age=settings.SESSION_TOKEN_HOURS * 3600
        )
        return SessionClaims(session_id=UUID(session_hex), organization_id=UUID(organization_hex))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise SessionExpired from error


def new_secret_token() -> str:
    """A token that nobody can guess: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """What is stored of a secret token."""
    return hashlib.sha256(token.encode()).digest()
