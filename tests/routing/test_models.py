from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from apps.routing.models import PathMatch
from tests.factories.flows import FlowFactory, SchedulerConfigFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.routing import RouterFactory, VariantFactory

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

    def test_conditions_stand_once_at_a_priority(self) -> None:
        conditions = {
            "path_match": PathMatch.GLOB,
            "path": "/a/*",
            "query": {"v": "1", "u": "2"},
            "priority": 5,
        }
        rule = RouterFactory.create(**conditions)
        conditions["query"] = {"u": "2", "v": "1"}
        RouterFactory.create(organization=rule.organization, active=False, **conditions)
        with pytest.raises(IntegrityError, match="router_conditions_once_a_priority"):
            RouterFactory.create(organization=rule.organization, **conditions)

    def test_a_flow_stands_once_in_a_split(self) -> None:
        variant = VariantFactory.create()
        with pytest.raises(IntegrityError, match="router_variant_once_a_flow"):
            VariantFactory.create(router=variant.router, flow=variant.flow)

    def test_a_share_is_a_sensible_number(self) -> None:
        with pytest.raises(IntegrityError, match="router_variant_weight_from_1_to_1000"):
            VariantFactory.create(weight=0)

    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ({"path_match": PathMatch.ANY, "path": "/a"}, "router_path_where_it_is_looked_at"),
            ({"path_match": PathMatch.EXACT, "path": ""}, "router_path_where_it_is_looked_at"),
            ({"path_match": PathMatch.PREFIX, "path": "services"}, "router_path_where_it_is_looked_at"),
            (
                {"path_match": PathMatch.EXACT, "path": "/a", "is_default": True},
                "router_default_looks_at_nothing",
            ),
            ({"query": {"u": "1"}, "is_default": True}, "router_default_looks_at_nothing"),
            ({"query": ["u"]}, "router_query_is_an_object"),
            ({"weight": 1001}, "router_weight_from_1_to_1000"),
            ({"priority": 0}, "router_priority_from_1_to_10000"),
        ],
    )
    def test_the_database_refuses(self, values: dict[str, Any], constraint: str) -> None:
        with pytest.raises(IntegrityError, match=constraint):
            RouterFactory.create(**values)


class TestClean:
    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"path_match": PathMatch.PREFIX, "path": "/services/*"}, "path"),
            ({"path_match": PathMatch.EXACT, "path": "/services?x=1"}, "path"),
            ({"path_match": PathMatch.EXACT, "path": "services"}, "path"),
            ({"path_match": PathMatch.EXACT, "path": "/a\x00"}, "path"),
            ({"path_match": PathMatch.GLOB, "path": "/a**b"}, "path"),
            ({"path_match": PathMatch.GLOB, "path": "/../*"}, "path"),
            ({"query": {"": "1"}}, "query"),
            ({"query": {"u": ""}}, "query"),
            ({"query": {"u": 1}}, "query"),
            ({"query": {str(number): "1" for number in range(9)}}, "query"),
            ({"query": {"u": "x" * 201}}, "query"),
        ],
    )
    def test_refuses_what_no_page_could_fit(self, values: dict[str, Any], field: str) -> None:
        flow = FlowFactory.create()
        with pytest.raises(ValidationError) as refusal:
            RouterFactory.build(organization=flow.organization, flow=flow, **values).clean()
        assert set(refusal.value.message_dict) == {field}

    def test_refuses_another_businesss_flow_and_widget(self) -> None:
        rule = RouterFactory.build(
            organization=OrganizationFactory.create(),
            flow=FlowFactory.create(),
            scheduler_config=SchedulerConfigFactory.create(),
        )
        with pytest.raises(ValidationError) as refusal:
            rule.clean()
        assert set(refusal.value.message_dict) == {"flow", "scheduler_config"}
