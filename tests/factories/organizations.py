from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from apps.organizations.models import (
    ApiKey,
    ApiKeyKind,
    Membership,
    Organization,
    OrganizationPolicy,
    Role,
    User,
)


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Business {number}")
    slug = factory.Sequence(lambda number: f"business-{number}")
    timezone = "America/Denver"

    policy = factory.RelatedFactory(
        "tests.factories.organizations.PolicyFactory", factory_related_name="organization"
    )


class PolicyFactory(DjangoModelFactory[OrganizationPolicy]):
    class Meta:
        model = OrganizationPolicy

    organization = factory.SubFactory(OrganizationFactory, policy=None)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person{number}@example.com")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.ADMIN


class ApiKeyFactory(DjangoModelFactory[ApiKey]):
    class Meta:
        model = ApiKey

    organization = factory.SubFactory(OrganizationFactory)
    name = "Website"
    kind = ApiKeyKind.PUBLISHABLE
    allowed_origins = ["https://www.example.com"]
    # In use for long; what the very first page writes is tested in test_first_load.py.
    first_seen_at = datetime(2029, 12, 1, tzinfo=UTC)
    first_seen_origin = "https://www.example.com"

    @classmethod
    def _create(cls, model_class: type[ApiKey], *_args: Any, **kwargs: Any) -> ApiKey:
        key = model_class(**kwargs)
        key.set_new_token()
        key.save()
        return key
