"""Rules that are removed, switched, put into another order."""

import pytest

from apps.audit.models import AuditEntry
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound
from apps.core.models import OutboxMessage
from apps.organizations.models import Organization
from apps.routing.commands.remove_rule import remove_rule
from apps.routing.commands.reorder_rules import reorder_rules
from apps.routing.commands.switch_rules import switch_rules
from apps.routing.errors import RoutingConflict
from apps.routing.models import BookingFlowRouter, PathMatch
from tests.factories.organizations import OrganizationFactory
from tests.factories.routing import RouterFactory, VariantFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organization() -> Organization:
    made: Organization = OrganizationFactory.create()
    return made


def rules(organization: Organization, *priorities: int) -> list[BookingFlowRouter]:
    return [
        RouterFactory.create(
            organization=organization, priority=priority, path_match=PathMatch.EXACT, path=f"/{number}"
        )
        for number, priority in enumerate(priorities)
    ]


def paths(organization: Organization) -> list[tuple[int, str]]:
    found = BookingFlowRouter.objects.for_organization(organization).filter(is_default=False).in_order()
    return [(rule.priority, rule.path) for rule in found]


class TestRemoveRule:
    def test_takes_it_away_with_its_split(self, organization: Organization) -> None:
        rule = VariantFactory.create(router=RouterFactory.create(organization=organization)).router
        remove_rule(actor=Actor.system(organization.id), rule_id=rule.id)
        assert not BookingFlowRouter.objects.for_organization(organization).exists()
        assert AuditEntry.objects.filter(action="routing.rule.removed", subject_id=rule.id).exists()
        assert OutboxMessage.objects.filter(name="routing.rules_changed").count() == 1

    def test_another_businesss_rule_does_not_exist(self, organization: Organization) -> None:
        with pytest.raises(NotFound):
            remove_rule(actor=Actor.system(organization.id), rule_id=RouterFactory.create().id)


class TestSwitchRules:
    def test_off_and_on(self, organization: Organization) -> None:
        one, other = rules(organization, 1, 2)
        actor = Actor.system(organization.id)
        assert switch_rules(actor=actor, rule_ids=[one.id, other.id], active=False) == 2
        assert switch_rules(actor=actor, rule_ids=[one.id, other.id], active=False) == 0
        assert switch_rules(actor=actor, rule_ids=[one.id], active=True) == 1
        assert [
            rule.active for rule in BookingFlowRouter.objects.for_organization(organization).in_order()
        ] == [
            True,
            False,
        ]

    def test_on_is_refused_for_what_could_meet_another_all_or_none(self, organization: Organization) -> None:
        (there,) = rules(organization, 3)
        harmless = RouterFactory.create(organization=organization, priority=9, active=False)
        meeting = RouterFactory.create(organization=organization, priority=3, active=False)
        with pytest.raises(RoutingConflict) as refusal:
            switch_rules(actor=Actor.system(organization.id), rule_ids=[harmless.id, meeting.id], active=True)
        assert refusal.value.data["rule_id"] == str(there.id)
        harmless.refresh_from_db()
        assert not harmless.active

    def test_another_businesss_rule_does_not_exist(self, organization: Organization) -> None:
        with pytest.raises(NotFound):
            switch_rules(
                actor=Actor.system(organization.id), rule_ids=[RouterFactory.create().id], active=False
            )


class TestReorderRules:
    def test_numbers_all_rules_anew(self, organization: Organization) -> None:
        first, second, third = rules(organization, 10, 20, 20)
        reorder_rules(actor=Actor.system(organization.id), rule_ids=[third.id, first.id, second.id])
        assert paths(organization) == [(1, "/2"), (2, "/0"), (3, "/1")]

    def test_those_that_are_not_named_keep_their_places(self, organization: Organization) -> None:
        ordered = rules(organization, 1, 2, 3, 4)
        RouterFactory.create(organization=organization, is_default=True)
        changed = reorder_rules(actor=Actor.system(organization.id), rule_ids=[ordered[3].id, ordered[1].id])
        assert paths(organization) == [(1, "/0"), (2, "/3"), (3, "/2"), (4, "/1")]
        assert changed == 2

    def test_rules_with_the_same_conditions_change_places(self, organization: Organization) -> None:
        one, other = (RouterFactory.create(organization=organization, priority=number) for number in (1, 2))
        reorder_rules(actor=Actor.system(organization.id), rule_ids=[other.id, one.id])
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.priority, other.priority) == (2, 1)
        assert one.active
        assert other.active

    def test_refuses_a_rule_that_stands_twice_or_is_another_businesss(
        self, organization: Organization
    ) -> None:
        (one,) = rules(organization, 1)
        actor = Actor.system(organization.id)
        with pytest.raises(InvalidInput):
            reorder_rules(actor=actor, rule_ids=[one.id, one.id])
        with pytest.raises(NotFound):
            reorder_rules(actor=actor, rule_ids=[one.id, RouterFactory.create().id])
