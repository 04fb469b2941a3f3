from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from apps.routing.models import BookingFlowRouter, PathMatch
from tests.factories.flows import FlowFactory, SchedulerConfigFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.routing import RouterFactory

pytestmark = pytest.mark.django_db


class TestConstraints:
    def test_one_default_for_all_widgets(self) -> None:
        default = RouterFactory.create(is_default=True)
        RouterFactory.create(is_default=True)
        with pytest.raises(IntegrityError, match="router_one_default_per_widget"):
            RouterFactory.create(is_default=True, organization=default.organization)

    def test_one_default_a_widget(self) -> None:
        config = SchedulerConfigFactory.create()
        organization = config.organization
        RouterFactory.create(is_default=True, organization=organization)
        RouterFactory.create(is_default=True, organization=organization, scheduler_config=config)
        with pytest.raises(IntegrityError, match="router_one_default_per_widget"):
            RouterFactory.create(is_default=True, organization=organization, scheduler_config=config)

    def test_a_path_stands_once_at_a_priority(self) -> None:
        rule = RouterFactory.create(path_match=PathMatch.EXACT, path="/a", priority=5)
        with pytest.raises(IntegrityError, match="router_path_once_a_priority"):
            RouterFactory.create(
                organization=rule.organization, path_match=PathMatch.PREFIX, path="/a", priority=5
            )

    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ({"path_match": PathMatch.ANY, "path": "/a"}, "router_path_where_it_is_looked_at"),
            ({"path_match": PathMatch.EXACT, "path": ""}, "router_path_where_it_is_looked_at"),
            ({"path_match": PathMatch.PREFIX, "path": "services"}, "router_path_where_it_is_looked_at"),
            (
                {"path_match": PathMatch.EXACT, "path": "/a", "is_default": True},
                "router_default_looks_at_no_path",
            ),
            ({"priority": 0}, "router_priority_from_1_to_10000"),
        ],
    )
    def test_the_database_refuses(self, values: dict[str, Any], constraint: str) -> None:
        with pytest.raises(IntegrityError, match=constraint):
            RouterFactory.create(**values)


class TestClean:
    def test_refuses_a_rule_that_could_fit_the_same_page_as_one_of_its_rank(self) -> None:
        rule = RouterFactory.create(path_match=PathMatch.PREFIX, path="/services", priority=3)
        other = BookingFlowRouter(
            organization=rule.organization,
            flow=rule.flow,
            path_match=PathMatch.EXACT,
            path="/services/hvac",
            priority=3,
        )
        with pytest.raises(ValidationError, match="such as /services/hvac"):
            other.clean()
        other.priority = 2
        other.clean()

    def test_does_not_compare_a_rule_with_itself(self) -> None:
        RouterFactory.create(path_match=PathMatch.PREFIX, path="/services").full_clean()

    def test_refuses_another_businesss_flow_and_widget(self) -> None:
        rule = RouterFactory.build(
            organization=OrganizationFactory.create(),
            flow=FlowFactory.create(),
            scheduler_config=SchedulerConfigFactory.create(),
        )
        with pytest.raises(ValidationError) as refusal:
            rule.clean()
        assert set(refusal.value.message_dict) == {"flow", "scheduler_config"}
