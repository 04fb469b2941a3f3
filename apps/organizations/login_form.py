"""The back office's sign-in."""

import math
from typing import Any

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from apps.organizations.sign_in_limits import count_try

SECONDS_A_MINUTE = 60


class LoginForm(AuthenticationForm):  # type: ignore[misc]  # unfold has no types
    """Unfold's form, which stops looking at passwords once there were too many tries."""

    def clean(self) -> dict[str, Any]:
        """Count this try first. Raises ValidationError in words for the person who waits."""
        email = self.cleaned_data.get("username")
        verdict = count_try(self.request, email=email) if self.request is not None and email else None
        if verdict is not None and not verdict.allowed:
            minutes = math.ceil(verdict.retry_after / SECONDS_A_MINUTE)
            wait = "a minute" if minutes == 1 else f"{minutes} minutes"
            raise ValidationError(
                f"There were too many tries. Wait {wait}, then try again.", code="too_many_tries"
            )
        cleaned: dict[str, Any] = super().clean()
        return cleaned
