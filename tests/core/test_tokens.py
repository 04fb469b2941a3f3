"""Session tokens are signed, dated and bound to one organization."""

from typing import Any

import pytest
from django.core import signing

from apps.core.errors import SessionExpired
from apps.core.ids import new_id
from apps.core.tokens import (
    SESSION_SALT,
    SessionClaims,
    issue_session_token,
    new_secret_token,
    token_digest,
    verify_session_token,
)

CLAIMS = SessionClaims(session_id=new_id(), organization_id=new_id())


class TestSessionToken:
    def test_says_what_was_claimed(self) -> None:
        assert verify_session_token(issue_session_token(CLAIMS)) == CLAIMS

    @pytest.mark.parametrize("token", ["", "x", "a:b:c", "☃:☃:☃", ":" * 200])
    def test_nonsense_is_refused(self, token: str) -> None:
        with pytest.raises(SessionExpired):
            verify_session_token(token)

    def test_a_changed_token_is_refused(self) -> None:
        body, rest = issue_session_token(CLAIMS).split(":", 1)
        with pytest.raises(SessionExpired):
            verify_session_token(f"{body}A:{rest}")

    def test_a_token_that_was_signed_for_something_else_is_refused(self) -> None:
        with pytest.raises(SessionExpired):
            verify_session_token(
                signing.dumps([CLAIMS.session_id.hex, CLAIMS.organization_id.hex], salt="other")
            )

    @pytest.mark.parametrize("claims", [[], ["x", "y"], {"a": 1}, ["1" * 32], 7, None])
    def test_claims_of_another_shape_are_refused(self, claims: Any) -> None:
        with pytest.raises(SessionExpired):
            verify_session_token(signing.dumps(claims, salt=SESSION_SALT))

    def test_ends_after_its_hours(self, settings: Any) -> None:
        token = issue_session_token(CLAIMS)
        settings.SESSION_TOKEN_HOURS = -1
        with pytest.raises(SessionExpired):
            verify_session_token(token)


class TestSecretToken:
    def test_no_two_are_equal_and_only_the_digest_is_needed(self) -> None:
        first, second = new_secret_token(), new_secret_token()

        assert first != second
        assert len(token_digest(first)) == 32
        assert token_digest(first) == token_digest(first) != token_digest(second)
