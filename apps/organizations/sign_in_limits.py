"""How often a password may be tried: for one e-mail address, and from one internet address."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from apps.core.addresses import client_address, whose
from apps.core.limits import Counted, Verdict, take

KIND = "SIGN_IN"


def count_try(request: HttpRequest, *, email: str) -> Verdict | None:
    """Count a try, whether or not anybody has this address; None where it is not counted.

    The API and the back office share the count. Where Redis is away the door stays open: the hashing of
    passwords is slow enough on its own, and a metric tells.
    """
    if not settings.RATE_LIMITS_ENABLED:
        return None
    limits = settings.RATE_LIMITS[KIND]
    # Redis is not told who signs in.
    name = salted_hmac("wrkbelt.sign_in", email.strip().lower(), algorithm="sha256").hexdigest()[:32]
    counted = [
        Counted(f"email:{name}", limits["PER_EMAIL"]),
        Counted(f"ip:{whose(client_address(request))}", limits["PER_IP"]),
    ]
    return take(KIND, counted, seconds=limits["SECONDS"])
