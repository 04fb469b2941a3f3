from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound, StaleVersion
from apps.core.ids import new_id
from apps.core.models import OutboxMessage
from apps.core.versions import version_of
from apps.flows.models import BookingFlow
from apps.organizations.models import Organization
from apps.routing.commands.save_rule import save_rule
from apps.routing.errors import DefaultTaken, RoutingConflict
from apps.routing.models import BookingFlowRouter
from apps.routing.values import RuleValues, Share
from tests.factories.flows import FlowFactory, SchedulerConfigFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.routing import RouterFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def flow() -> BookingFlow:
    made: BookingFlow = FlowFactory.create()
    return made


def values(flow: BookingFlow, **others: Any) -> RuleValues:
    return RuleValues(
        **{"shares": [Share(flow.id)], "priority": 3, "path_match": "prefix", "path": "/services", **others}
    )


def save(organization: Organization, said: RuleValues, **options: Any) -> BookingFlowRouter:
    return save_rule(actor=Actor.system(organization.id), values=said, **options)


class TestSaveRule:
    def test_adds_a_rule_with_everything_that_it_says(self, flow: BookingFlow) -> None:
        second = FlowFactory.create(organization=flow.organization)
        config = SchedulerConfigFactory.create(organization=flow.organization)
        rule = save(
            flow.organization,
            values(
                flow,
                shares=[Share(flow.id, 3), Share(second.id, 1)],
                query={"utm_source": "google"},
                scheduler_config_id=config.id,
            ),
        )
        rule.refresh_from_db()
        assert rule.query == {"utm_source": "google"}
        assert rule.shares() == [(flow, 3), (second, 1)]
        assert rule.scheduler_config == config

    def test_says_so_to_the_audit_log_and_to_others(self, flow: BookingFlow) -> None:
        rule = save(flow.organization, values(flow))
        entry = AuditEntry.objects.get(organization_id=flow.organization_id, action="routing.rule.added")
        assert entry.subject_id == rule.id
        assert entry.new["conditions"] == "/services and what is below it"
        message = OutboxMessage.objects.get(name="routing.rules_changed")
        assert message.payload["rule_ids"] == [str(rule.id)]

    def test_changes_a_rule_and_its_flows(self, flow: BookingFlow) -> None:
        second, third = FlowFactory.create_batch(2, organization=flow.organization)
        rule = save(flow.organization, values(flow, shares=[Share(flow.id), Share(second.id, 2)]))
        save(
            flow.organization,
            values(flow, path="/repairs", shares=[Share(third.id, 5), Share(second.id, 4)]),
            rule_id=rule.id,
        )
        rule = BookingFlowRouter.objects.get(id=rule.id)
        assert rule.path == "/repairs"
        assert rule.shares() == [(third, 5), (second, 4)]

    def test_writes_nothing_where_nothing_changes(self, flow: BookingFlow) -> None:
        rule = save(flow.organization, values(flow))
        before = AuditEntry.objects.count()
        again = save(flow.organization, values(flow), rule_id=rule.id)
        assert AuditEntry.objects.count() == before
        assert version_of(again) == version_of(BookingFlowRouter.objects.get(id=rule.id))

    def test_refuses_what_could_meet_another_rule_of_its_priority(self, flow: BookingFlow) -> None:
        there = save(flow.organization, values(flow, path_match="glob", path="/*/hvac"))
        with pytest.raises(RoutingConflict) as refusal:
            save(flow.organization, values(flow, query={"utm_source": "google"}))
        assert refusal.value.data == {
            "rule_id": str(there.id),
            "rule": "pages like /*/hvac",
            "example": "/services/hvac?utm_source=google",
        }
        assert BookingFlowRouter.objects.count() == 1

    def test_takes_it_with_another_priority_or_other_conditions_or_switched_off(
        self, flow: BookingFlow
    ) -> None:
        save(flow.organization, values(flow, query={"utm_source": "bing"}))
        save(flow.organization, values(flow, priority=4))
        save(flow.organization, values(flow, query={"utm_source": "google"}))
        save(flow.organization, values(flow, active=False))
        assert BookingFlowRouter.objects.count() == 4

    def test_rules_of_two_widgets_meet_on_a_page_that_names_none(self, flow: BookingFlow) -> None:
        one, other = SchedulerConfigFactory.create_batch(2, organization=flow.organization)
        save(flow.organization, values(flow, scheduler_config_id=one.id))
        with pytest.raises(RoutingConflict):
            save(flow.organization, values(flow, path="/services/hvac", scheduler_config_id=other.id))

    def test_another_businesss_rules_are_in_nobodys_way(self, flow: BookingFlow) -> None:
        RouterFactory.create(path_match="prefix", path="/services", priority=3)
        save(flow.organization, values(flow))

    def test_a_widget_has_one_default(self, flow: BookingFlow) -> None:
        default = values(flow, is_default=True, path_match="any", path="")
        save(flow.organization, default)
        with pytest.raises(DefaultTaken):
            save(flow.organization, default)

    @pytest.mark.parametrize(
        ("others", "field"),
        [
            ({"shares": []}, "flow"),
            ({"shares": [Share(new_id())]}, "flow"),
            ({"scheduler_config_id": new_id()}, "scheduler_config"),
            ({"priority": 0}, "priority"),
            ({"path": "/a*"}, "path"),
            ({"query": {"u": ""}}, "query"),
            ({"is_default": True}, "is_default"),
        ],
    )
    def test_refuses_what_cannot_be(self, flow: BookingFlow, others: dict[str, Any], field: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            save(flow.organization, values(flow, **others))
        assert set(refusal.value.data["errors"]) == {field}

    def test_refuses_shares_that_make_no_sense(self, flow: BookingFlow) -> None:
        for shares in ([Share(flow.id), Share(flow.id)], [Share(flow.id, 0)], [Share(flow.id, 1001)]):
            with pytest.raises(InvalidInput) as refusal:
                save(flow.organization, values(flow, shares=shares))
            assert set(refusal.value.data["errors"]) == {"variants"}

    def test_another_businesss_flow_widget_and_rule_do_not_exist(self, flow: BookingFlow) -> None:
        foreign = OrganizationFactory.create()
        with pytest.raises(InvalidInput):
            save(foreign, values(flow))
        rule = save(flow.organization, values(flow))
        with pytest.raises(NotFound):
            save(foreign, values(FlowFactory.create(organization=foreign)), rule_id=rule.id)

    def test_refuses_to_overwrite_what_was_not_read(self, flow: BookingFlow) -> None:
        rule = save(flow.organization, values(flow))
        seen = version_of(rule)
        save(flow.organization, values(flow, path="/repairs"), rule_id=rule.id, expected_version=seen)
        with pytest.raises(StaleVersion):
            save(flow.organization, values(flow, path="/other"), rule_id=rule.id, expected_version=seen)
