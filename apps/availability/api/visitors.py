"""Who looks at free times: enough to show the same person the same times, and no more."""

from uuid import UUID

from django.utils.crypto import salted_hmac
from rest_framework.request import Request

from apps.core.errors import SessionExpired
from apps.core.tokens import verify_session_token

SALT = "wrkbelt.exposure"


def visitor_of(request: Request, organization_id: UUID) -> str:
    """The session's id where a read carries a good `X-Session-Token`; else a keyed digest of the address.

    A read needs no session, so a token that is missing or too old is not refused here.
    """
    token = request.headers.get("X-Session-Token")
    if token:
        try:
            claims = verify_session_token(token)
        except SessionExpired:
            pass
        else:
            if claims.organization_id == organization_id:
                return str(claims.session_id)
    address = str(request.META.get("REMOTE_ADDR", ""))
    return "~" + salted_hmac(SALT, address, algorithm="sha256").hexdigest()[:16]
