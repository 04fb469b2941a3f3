"""What is sealed opens only with its own key, in its own column, for its own owner."""

import base64
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from apps.core.encryption import (
    Unreadable,
    lookup_digest,
    new_wrapped_key,
    seal_text,
    unseal_text,
    unwrap_key,
)

KEY = b"k" * 32
OWNER = b"o" * 16


def encoded(letter: bytes) -> str:
    return base64.b64encode(letter * 32).decode()


class TestSealing:
    @given(st.text())
    def test_what_was_sealed_can_be_read_again(self, text: str) -> None:
        assert unseal_text(KEY, seal_text(KEY, text, field="name"), field="name") == text

    def test_the_same_text_never_looks_the_same(self) -> None:
        assert seal_text(KEY, "Ada", field="name") != seal_text(KEY, "Ada", field="name")

    def test_another_key_opens_nothing(self) -> None:
        with pytest.raises(Unreadable):
            unseal_text(b"x" * 32, seal_text(KEY, "Ada", field="name"), field="name")

    def test_a_value_cannot_be_moved_to_another_field(self) -> None:
        with pytest.raises(Unreadable):
            unseal_text(KEY, seal_text(KEY, "Ada", field="name"), field="email")

    def test_a_changed_byte_is_noticed(self) -> None:
        sealed = bytearray(seal_text(KEY, "Ada", field="name"))
        sealed[-1] ^= 1
        with pytest.raises(Unreadable):
            unseal_text(KEY, bytes(sealed), field="name")

    @pytest.mark.parametrize("length", [0, 3, 12, 20])
    def test_a_cut_value_is_unreadable(self, length: int) -> None:
        with pytest.raises(Unreadable):
            unseal_text(KEY, seal_text(KEY, "Ada", field="name")[:length], field="name")

    def test_what_the_database_returns_opens_too(self) -> None:
        assert unseal_text(KEY, memoryview(seal_text(KEY, "Ada", field="n")).tobytes(), field="n") == "Ada"


class TestDataKeys:
    def test_each_is_its_own(self) -> None:
        wrapped = [new_wrapped_key(owner=OWNER) for _ in range(2)]
        keys = [unwrap_key(one, owner=OWNER) for one in wrapped]

        assert keys[0] != keys[1]
        assert {len(key) for key in keys} == {32}

    def test_a_key_is_bound_to_its_owner(self) -> None:
        with pytest.raises(Unreadable):
            unwrap_key(new_wrapped_key(owner=OWNER), owner=b"p" * 16)

    def test_a_shredded_key_is_gone_for_good(self) -> None:
        sealed = seal_text(unwrap_key(new_wrapped_key(owner=OWNER), owner=OWNER), "Ada", field="name")
        fresh = unwrap_key(new_wrapped_key(owner=OWNER), owner=OWNER)
        with pytest.raises(Unreadable):
            unseal_text(fresh, sealed, field="name")

    def test_after_a_rotation_old_keys_still_open_and_new_ones_use_the_new_master(
        self, settings: Any
    ) -> None:
        settings.FIELD_MASTER_KEYS = [encoded(b"1")]
        old = new_wrapped_key(owner=OWNER)
        settings.FIELD_MASTER_KEYS = [encoded(b"2"), encoded(b"1")]
        new = new_wrapped_key(owner=OWNER)

        assert unwrap_key(old, owner=OWNER)
        settings.FIELD_MASTER_KEYS = [encoded(b"2")]
        assert unwrap_key(new, owner=OWNER)
        with pytest.raises(Unreadable):
            unwrap_key(old, owner=OWNER)

    @pytest.mark.parametrize("keys", [[], [base64.b64encode(b"short").decode()]])
    def test_bad_settings_are_said_in_words(self, settings: Any, keys: list[str]) -> None:
        settings.FIELD_MASTER_KEYS = keys
        with pytest.raises(ImproperlyConfigured, match="FIELD_MASTER_KEYS"):
            new_wrapped_key(owner=OWNER)


class TestLookupDigest:
    def test_finds_the_same_value_again(self) -> None:
        assert lookup_digest("+1", purpose="phone", organization=OWNER) == lookup_digest(
            "+1", purpose="phone", organization=OWNER
        )

    @pytest.mark.parametrize(
        "other",
        [
            {"value": "+2"},
            {"purpose": "email"},
            {"organization": b"p" * 16},
        ],
    )
    def test_differs_by_value_purpose_and_organization(self, other: dict[str, Any]) -> None:
        parts: dict[str, Any] = {"value": "+1", "purpose": "phone", "organization": OWNER}
        changed = parts | other

        assert lookup_digest(parts.pop("value"), **parts) != lookup_digest(changed.pop("value"), **changed)

    def test_depends_on_the_secret(self, settings: Any) -> None:
        before = lookup_digest("+1", purpose="phone", organization=OWNER)
        settings.FIELD_DIGEST_KEY = encoded(b"z")

        assert lookup_digest("+1", purpose="phone", organization=OWNER) != before
