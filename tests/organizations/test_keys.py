"""A key that is known already is still a key of this moment."""

from typing import Any

import pytest

from apps.core.clock import app_now
from apps.organizations.errors import InvalidApiKey
from apps.organizations.keys import known_key
from apps.organizations.models import ApiKey, OrganizationPolicy
from tests.factories.organizations import ApiKeyFactory

pytestmark = pytest.mark.django_db


class TestKeyOfToken:
    def test_costs_one_short_look_the_second_time(self, django_assert_num_queries: Any) -> None:
        key = ApiKeyFactory.create()
        assert known_key(key.publishable_token).api_key == key

        with django_assert_num_queries(1):
            assert known_key(key.publishable_token).api_key.organization.policy is not None

    def test_a_revoked_key_is_none(self) -> None:
        key = ApiKeyFactory.create()
        known_key(key.publishable_token)
        ApiKey.objects.filter(id=key.id).update(revoked_at=app_now())

        with pytest.raises(InvalidApiKey):
            known_key(key.publishable_token)

    def test_a_business_that_is_switched_off_has_none(self) -> None:
        key = ApiKeyFactory.create()
        known_key(key.publishable_token)
        key.organization.active = False
        key.organization.save()

        with pytest.raises(InvalidApiKey):
            known_key(key.publishable_token)

    def test_a_change_of_policy_is_seen_at_once(self) -> None:
        key = ApiKeyFactory.create()
        assert known_key(key.publishable_token).api_key.organization.policy.cart_hold_minutes != 17
        OrganizationPolicy.objects.filter(organization=key.organization).update(cart_hold_minutes=17)

        assert known_key(key.publishable_token).api_key.organization.policy.cart_hold_minutes == 17

    def test_nobody_knows_a_stranger(self) -> None:
        with pytest.raises(InvalidApiKey):
            known_key("pk_of_nobody")
