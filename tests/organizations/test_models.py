"""Origins, keys and policies."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.core.tokens import token_digest
from apps.organizations.models import (
    ApiKey,
    ApiKeyKind,
    Organization,
    OrganizationPolicy,
    User,
    normalize_origin,
    validate_timezone,
)
from tests.factories.organizations import ApiKeyFactory, MembershipFactory, OrganizationFactory


class TestNormalizeOrigin:
    @pytest.mark.parametrize(
        ("typed", "sent"),
        [
            ("https://www.example.com", "https://www.example.com"),
            ("https://Example.COM:443/", "https://example.com"),
            ("HTTP://example.com:80", "http://example.com"),
            ("  https://example.com ", "https://example.com"),
            ("https://example.com:8443", "https://example.com:8443"),
            ("http://localhost:8000", "http://localhost:8000"),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("http://[::1]:8000", "http://[::1]:8000"),
            ("https://Münch.example", "https://xn--mnch-0ra.example"),
        ],
    )
    def test_writes_it_as_browsers_send_it(self, typed: str, sent: str) -> None:
        assert normalize_origin(typed) == sent
        assert normalize_origin(sent) == sent

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "example.com",
            "*",
            "null",
            "ftp://example.com",
            "https://",
            "https://example.com/book",
            "https://example.com?x=1",
            "https://example.com:port",
            "https://example.com:99999",
            "https://[::1",
            f"https://{'x' * 80}.com",
            "javascript:alert(1)",
        ],
    )
    def test_refuses_what_is_no_origin(self, typed: str) -> None:
        with pytest.raises(ValidationError):
            normalize_origin(typed)

    def test_cleaning_a_key_normalises_and_sorts_its_list(self) -> None:
        key = ApiKey(allowed_origins=["https://b.example/", "https://A.example", "https://b.example:443"])
        key.clean()

        assert key.allowed_origins == ["https://a.example", "https://b.example"]


@pytest.mark.django_db
class TestApiKey:
    def test_of_a_secret_key_only_the_digest_is_stored(self) -> None:
        key = ApiKey(organization=OrganizationFactory(), name="Server", kind=ApiKeyKind.SECRET)
        token = key.set_new_token()
        key.save()
        key.refresh_from_db()

        assert token.startswith("sk_")
        assert bytes(key.digest) == token_digest(token)
        assert key.publishable_token == ""
        assert token.endswith(key.hint)

    def test_a_publishable_one_can_be_shown_again(self) -> None:
        key = ApiKeyFactory()

        assert key.publishable_token.startswith("pk_")
        assert bytes(key.digest) == token_digest(key.publishable_token)

    def test_the_database_refuses_to_store_a_secret_one(self) -> None:
        key = ApiKeyFactory()
        with pytest.raises(IntegrityError, match="api_key_secret_is_never_stored"), transaction.atomic():
            ApiKey.objects.for_organization(key.organization).update(kind=ApiKeyKind.SECRET)


def policy_of(organization: Organization, **changes: Any) -> Callable[[], int]:
    """An update past all validators, as a script might do it."""
    return lambda: OrganizationPolicy.objects.filter(organization=organization).update(**changes)


@pytest.mark.django_db
class TestPolicy:
    def test_every_business_starts_with_the_seeds_numbers(self) -> None:
        policy = OrganizationFactory().policy

        assert (policy.booking_hold_minutes, policy.cart_hold_minutes) == (10, 5)

    @pytest.mark.parametrize("field", ["booking_hold_minutes", "cart_hold_minutes"])
    @pytest.mark.parametrize("minutes", [0, 61, 600])
    def test_holds_last_between_one_and_sixty_minutes(self, field: str, minutes: int) -> None:
        update = policy_of(OrganizationFactory(), **{field: minutes})
        with (
            pytest.raises(IntegrityError, match="policy_holds_between_1_and_60_minutes"),
            transaction.atomic(),
        ):
            update()

    @pytest.mark.parametrize("minutes", [1, 60])
    def test_the_limits_themselves_are_allowed(self, minutes: int) -> None:
        update = policy_of(OrganizationFactory(), booking_hold_minutes=minutes, cart_hold_minutes=minutes)

        assert update() == 1

    def test_one_business_has_one(self) -> None:
        organization = OrganizationFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            OrganizationPolicy.objects.create(organization=organization)


@pytest.mark.django_db
class TestPeople:
    def test_sign_in_with_their_address_in_small_letters(self) -> None:
        user = User.objects.create_user("Ada@Example.com", "secret")

        assert user.email == "ada@example.com"
        assert user.check_password("secret")
        assert not user.is_staff

    def test_an_operator_sees_everything(self) -> None:
        assert User.objects.create_superuser("root@example.com", "secret").is_superuser

    def test_have_one_role_in_a_business(self) -> None:
        membership = MembershipFactory()
        with pytest.raises(IntegrityError, match="membership_one_role"), transaction.atomic():
            MembershipFactory(organization=membership.organization, user=membership.user)

    def test_have_a_role_that_exists(self) -> None:
        with pytest.raises(IntegrityError, match="membership_role_is_known"), transaction.atomic():
            MembershipFactory(role="owner")


class TestTimezones:
    @pytest.mark.parametrize("name", ["America/Denver", "Asia/Dubai", "Australia/Lord_Howe", "UTC"])
    def test_iana_names_are_taken(self, name: str) -> None:
        validate_timezone(name)

    @pytest.mark.parametrize("name", ["", "Denver", "GMT+25", "../etc/passwd", "america/denver "])
    def test_others_are_refused(self, name: str) -> None:
        with pytest.raises(ValidationError):
            validate_timezone(name)
