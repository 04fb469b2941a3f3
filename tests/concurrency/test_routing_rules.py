"""Two admins save rules that could meet, at the same moment: one of them hears of the other."""

import time
from functools import partial
from typing import Any

import pytest

from apps.core.actors import Actor
from apps.flows.models import BookingFlow
from apps.routing import writing
from apps.routing.commands import save_rule as module
from apps.routing.commands.save_rule import save_rule
from apps.routing.errors import RoutingConflict
from apps.routing.models import BookingFlowRouter
from apps.routing.values import RuleValues, Share
from tests.conftest import Race
from tests.factories.flows import FlowFactory

pytestmark = pytest.mark.concurrency


def save_both(race: Race, flow: BookingFlow) -> list[Any]:
    actor = Actor.system(flow.organization_id)
    return race(
        [
            partial(
                save_rule,
                actor=actor,
                values=RuleValues(shares=[Share(flow.id)], priority=1, path_match="glob", path=path),
            )
            for path in ("/services/*", "/*/hvac")
        ]
    )


@pytest.fixture
def slow_thinking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the other one time to write between the look and the writing."""
    decide = writing.ensure_no_conflict

    def slowly(*arguments: Any) -> None:
        decide(*arguments)
        time.sleep(0.3)

    monkeypatch.setattr(module, "ensure_no_conflict", slowly)


@pytest.mark.usefixtures("slow_thinking")
class TestTwoRulesAtOnce:
    def test_one_is_refused(self, race: Race) -> None:
        flow = FlowFactory.create()
        results = save_both(race, flow)
        assert {type(result) for result in results} == {BookingFlowRouter, RoutingConflict}
        assert BookingFlowRouter.objects.for_organization(flow.organization_id).count() == 1

    def test_without_the_lock_both_are_saved(self, race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "lock_rules", lambda _: None)
        flow = FlowFactory.create()
        save_both(race, flow)
        assert BookingFlowRouter.objects.for_organization(flow.organization_id).count() == 2
