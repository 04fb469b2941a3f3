"""The API's side of the limit on tries of passwords."""

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from apps.organizations.sign_in_limits import count_try


class SignInThrottle(BaseThrottle):
    """Refuses a try with 429, before any password is looked at."""

    def __init__(self) -> None:
        self.seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  (DRF's signature)
        """Count this try; False if there were too many. Raises MalformedJSON."""
        email = request.data.get("email") if isinstance(request.data, dict) else None
        if not isinstance(email, str):
            return True  # refused for its shape, without a look at any password
        verdict = count_try(request._request, email=email)  # noqa: SLF001  (DRF's name for Django's request)
        if verdict is None or verdict.allowed:
            return True
        self.seconds = verdict.retry_after
        return False

    def wait(self) -> float:
        """Seconds until the next try."""
        return self.seconds
