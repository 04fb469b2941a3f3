"""Whatever decides which flow a page opens, and how it looks, renews the version of what is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models, transaction

from apps.core.clock import app_now
from apps.flows.models import BookingFlow, BrandKit, SchedulerConfig
from apps.organizations.models import ConfigurationVersion, Organization, OrganizationPolicy
from apps.routing.models import BookingFlowRouter, RouterVariant
from tests.factories.flows import BrandKitFactory, FlowFactory, SchedulerConfigFactory, whole_flow
from tests.factories.organizations import OrganizationFactory
from tests.factories.routing import RouterFactory, VariantFactory

pytestmark = pytest.mark.django_db

Make = Callable[[Organization], models.Model]
MAKERS: dict[type[models.Model], Make] = {
    BrandKit: lambda organization: BrandKitFactory.create(organization=organization),
    SchedulerConfig: lambda organization: SchedulerConfigFactory.create(organization=organization),
    BookingFlow: lambda organization: FlowFactory.create(organization=organization),
    BookingFlowRouter: lambda organization: RouterFactory.create(organization=organization),
    RouterVariant: lambda organization: VariantFactory.create(
        router=RouterFactory.create(organization=organization)
    ),
}
CHANGES: dict[type[models.Model], dict[str, Any]] = {
    BrandKit: {"color_primary": "#000000"},
    SchedulerConfig: {"name": "Kiosk"},
    BookingFlow: {"status": "deleted"},
    BookingFlowRouter: {"priority": 4711},
    RouterVariant: {"weight": 9},
}


def version_of(organization: Organization) -> Any:
    return ConfigurationVersion.objects.get(organization_id=organization.pk).version


@pytest.fixture
def organization() -> Organization:
    made: Organization = OrganizationFactory.create()
    return made


@pytest.mark.parametrize("model", MAKERS)
class TestEachTable:
    def test_a_new_row_renews_it(self, model: type[models.Model], organization: Organization) -> None:
        before = version_of(organization)
        MAKERS[model](organization)
        assert version_of(organization) != before

    def test_a_changed_row_renews_it_however_it_is_changed(
        self, model: type[models.Model], organization: Organization
    ) -> None:
        row = MAKERS[model](organization)
        before = version_of(organization)
        type(row)._base_manager.filter(pk=row.pk).update(**CHANGES[model])
        assert version_of(organization) != before

    def test_a_row_that_goes_renews_it(self, model: type[models.Model], organization: Organization) -> None:
        row = MAKERS[model](organization)
        before = version_of(organization)
        type(row)._base_manager.filter(pk=row.pk).delete()
        assert version_of(organization) != before

    def test_others_keep_theirs(self, model: type[models.Model], organization: Organization) -> None:
        other = OrganizationFactory.create()
        before = version_of(other)
        row = MAKERS[model](organization)
        type(row)._base_manager.filter(pk=row.pk).update(**CHANGES[model])
        assert version_of(other) == before


class TestTheOrganizationItself:
    def test_its_name_and_its_policy_count(self, organization: Organization) -> None:
        versions = [version_of(organization)]
        Organization.objects.filter(pk=organization.pk).update(phone_number="+13035550142")
        versions.append(version_of(organization))
        OrganizationPolicy.objects.filter(organization=organization).update(waitlist_open=False)
        versions.append(version_of(organization))
        OrganizationPolicy.objects.filter(organization=organization).delete()
        versions.append(version_of(organization))
        OrganizationPolicy.objects.create(organization=organization)
        versions.append(version_of(organization))
        assert len(set(versions)) == 5


class TestFlows:
    def test_publishing_renews_it(self, organization: Organization) -> None:
        whole = whole_flow(organization)
        before = version_of(organization)
        whole.publish()
        assert version_of(organization) != before

    def test_editing_a_draft_does_not(self, organization: Organization) -> None:
        whole = whole_flow(organization)
        before = version_of(organization)
        whole.flow.mark_draft_changed(app_now())
        whole.flow.description = "Another text"
        whole.flow.save()
        assert version_of(organization) == before


def test_what_is_rolled_back_renews_nothing(organization: Organization) -> None:
    before = version_of(organization)
    with transaction.atomic():
        BrandKitFactory.create(organization=organization)
        transaction.set_rollback(True)
    assert version_of(organization) == before


def test_two_transactions_never_make_the_same_version(organization: Organization) -> None:
    """A count would: the one that is rolled back, and the one after it."""
    seen = set()
    for rolled_back in (True, False):
        with transaction.atomic():
            BrandKitFactory.create(organization=organization)
            seen.add(version_of(organization))
            transaction.set_rollback(rolled_back)
    assert len(seen) == 2
