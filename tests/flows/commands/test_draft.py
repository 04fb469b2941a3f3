"""The steps of a draft: added, moved, changed, switched off, removed and brought back."""

from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound, StaleVersion
from apps.core.ids import new_id
from apps.core.versions import version_of
from apps.flows.commands.add_step import add_step
from apps.flows.commands.change_flow import change_flow
from apps.flows.commands.change_step import change_step
from apps.flows.commands.create_flow import create_flow
from apps.flows.commands.move_steps import move_steps
from apps.flows.commands.remove_step import remove_step
from apps.flows.commands.restore_step import restore_step
from apps.flows.commands.switch_step import switch_step
from apps.flows.documents import draft_of
from apps.flows.drafts import Words, steps_of
from apps.flows.errors import FlowInvalid, StepCannotReturn, StepThereAlready
from apps.flows.models import BookingFlow, BookingFlowStep, StepType
from apps.flows.taken_out import TakenOut
from tests.conftest import Race
from tests.factories.flows import AnswerNodeFactory, EdgeFactory, FlowFactory, WholeFlow, whole_flow
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def whole() -> WholeFlow:
    return whole_flow()


def by(flow: BookingFlow) -> Actor:
    return Actor.system(flow.organization_id)


def stranger() -> Actor:
    return Actor.system(OrganizationFactory.create().id)


def step_of(whole: WholeFlow, kind: str) -> BookingFlowStep:
    return BookingFlowStep.objects.get(flow=whole.flow, step_type=kind)


def kinds(flow: BookingFlow) -> list[str]:
    steps = steps_of(flow)
    assert [step.position for step in steps] == sorted({step.position for step in steps})
    return [step.step_type for step in steps]


def digest(whole: WholeFlow) -> str:
    return draft_of(BookingFlow.objects.get(pk=whole.flow.pk)).digest


def last_action() -> str:
    return AuditEntry.objects.latest("at", "id").action


class TestMoveSteps:
    def test_puts_them_in_the_wanted_order(self, whole: WholeFlow) -> None:
        ids = [step.id for step in steps_of(whole.flow)]
        wanted = [ids[1], ids[0], *ids[2:]]

        flow = move_steps(actor=by(whole.flow), flow_id=whole.flow.id, step_ids=wanted, seen=ids)

        assert kinds(whole.flow)[:2] == ["service_selection", "zipcode"]
        assert flow.draft_changed_at is not None
        assert last_action() == "flows.steps.moved"

    def test_keeps_an_order_that_makes_no_sense_and_says_so_when_it_is_published(
        self, whole: WholeFlow
    ) -> None:
        ids = [step.id for step in steps_of(whole.flow)]

        move_steps(actor=by(whole.flow), flow_id=whole.flow.id, step_ids=[ids[-1], *ids[:-1]])

        with pytest.raises(FlowInvalid, match=r"has to be the last step\. Move it to the end\."):
            whole.publish()

    def test_the_same_order_changes_nothing(self, whole: WholeFlow) -> None:
        ids = [step.id for step in steps_of(whole.flow)]
        flow = move_steps(actor=by(whole.flow), flow_id=whole.flow.id, step_ids=ids)
        assert flow.draft_changed_at is None

    def test_is_refused_over_another_order_than_the_one_that_was_seen(self, whole: WholeFlow) -> None:
        ids = [step.id for step in steps_of(whole.flow)]
        move_steps(actor=by(whole.flow), flow_id=whole.flow.id, step_ids=[ids[1], ids[0], *ids[2:]])

        with pytest.raises(StaleVersion):
            move_steps(
                actor=by(whole.flow),
                flow_id=whole.flow.id,
                step_ids=[ids[0], ids[2], ids[1], *ids[3:]],
                seen=ids,
            )

    @pytest.mark.parametrize("change", ["missing", "foreign", "twice"])
    def test_is_refused_without_exactly_its_steps(self, change: str, whole: WholeFlow) -> None:
        ids = [step.id for step in steps_of(whole.flow)]
        wanted = {"missing": ids[1:], "foreign": [*ids, new_id()], "twice": [*ids[:-1], ids[0]]}[change]
        with pytest.raises(StaleVersion):
            move_steps(actor=by(whole.flow), flow_id=whole.flow.id, step_ids=wanted)


class TestAddStep:
    def test_stands_where_it_usually_does_with_its_first_words(self, whole: WholeFlow) -> None:
        remove_step(actor=by(whole.flow), step_id=step_of(whole, StepType.DETAILS).id)

        step = add_step(actor=by(whole.flow), flow_id=whole.flow.id, step_type="details")

        assert step.title == "Tell us a little more"
        assert kinds(whole.flow) == list(StepType.values)

    def test_is_refused_where_there_is_one(self, whole: WholeFlow) -> None:
        with pytest.raises(StepThereAlready):
            add_step(actor=by(whole.flow), flow_id=whole.flow.id, step_type="details")

    def test_knows_six_kinds(self, whole: WholeFlow) -> None:
        with pytest.raises(InvalidInput):
            add_step(actor=by(whole.flow), flow_id=whole.flow.id, step_type="payment")

    def test_a_new_zip_code_step_says_what_it_lacks(self) -> None:
        flow = create_flow(actor=Actor.system(OrganizationFactory.create().id), title="New")
        step = add_step(actor=by(flow), flow_id=flow.id, step_type="zipcode")

        (problem,) = [one for one in draft_of(flow).problems if one.step_id == step.id]

        assert problem.message == (
            "Step “Where do you need us?”: There is no zip code yet: "
            "choose a location and say which codes it serves."
        )


class TestChangeStep:
    def test_writes_words_and_settings(self, whole: WholeFlow) -> None:
        step = step_of(whole, StepType.SUMMARY)

        change_step(
            actor=by(whole.flow),
            step_id=step.id,
            words=Words(title="All right?", icon="check"),
            type_config={"policy_text": "Free until the day before."},
            expected_version=version_of(step),
        )

        step.refresh_from_db()
        assert (step.title, step.icon) == ("All right?", "check")
        assert step.type_config == {"policy_text": "Free until the day before.", "confirm_label": None}
        whole.flow.refresh_from_db()
        assert whole.flow.draft_changed_at is not None

    def test_the_same_again_changes_nothing(self, whole: WholeFlow) -> None:
        step = step_of(whole, StepType.ZIPCODE)
        change_step(
            actor=by(whole.flow),
            step_id=step.id,
            words=Words(**step.content()),
            type_config=step.type_config,
        )
        whole.flow.refresh_from_db()
        assert whole.flow.draft_changed_at is None

    def test_is_refused_over_what_was_not_seen(self, whole: WholeFlow) -> None:
        step = step_of(whole, StepType.SUMMARY)
        seen = version_of(step)
        words: dict[str, Any] = {"actor": by(whole.flow), "step_id": step.id, "type_config": {}}
        change_step(words=Words(title="First"), **words)

        with pytest.raises(StaleVersion):
            change_step(words=Words(title="Second"), expected_version=seen, **words)

        step.refresh_from_db()
        assert step.title == "First"

    def test_refuses_settings_of_another_kind_in_words(self, whole: WholeFlow) -> None:
        step = step_of(whole, StepType.ZIPCODE)
        with pytest.raises(InvalidInput) as refusal:
            change_step(
                actor=by(whole.flow), step_id=step.id, words=Words(title="Where?"), type_config={"areas": []}
            )
        (said,) = refusal.value.data["errors"]["type_config"]
        assert said.startswith("There is no zip code yet")


class TestSwitchStep:
    def test_one_that_is_off_is_left_out_and_keeps_its_settings(self, whole: WholeFlow) -> None:
        step, before = step_of(whole, StepType.ZIPCODE), digest(whole)

        switch_step(actor=by(whole.flow), step_id=step.id, active=False)

        draft = draft_of(whole.flow)
        assert draft.problems == ()
        assert "zipcode" not in [part["step_type"] for part in draft.document["steps"]]
        switch_step(actor=by(whole.flow), step_id=step.id, active=True)
        assert digest(whole) == before

    def test_one_that_no_flow_can_do_without_is_missed(self, whole: WholeFlow) -> None:
        step = step_of(whole, StepType.SUMMARY)
        switch_step(actor=by(whole.flow), step_id=step.id, active=False)
        (problem,) = draft_of(whole.flow).problems
        assert problem.message == "The step “Summary” is switched off. Switch it on."
        assert problem.step_id == step.id

    def test_a_graph_that_is_off_brings_no_services_along(self, whole: WholeFlow) -> None:
        switch_step(actor=by(whole.flow), step_id=whole.selection.id, active=False)
        assert draft_of(whole.flow).document["services"] == {}


class TestRemoveStep:
    def test_comes_back_to_the_last_id(self, whole: WholeFlow) -> None:
        answer = AnswerNodeFactory.create(step=whole.selection)
        EdgeFactory.create(step=whole.selection, source=whole.question, target=answer)
        before, order = digest(whole), kinds(whole.flow)

        taken = remove_step(actor=by(whole.flow), step_id=whole.selection.id)
        assert "service_selection" not in kinds(whole.flow)
        stored = TakenOut.from_json(taken.as_json())
        restore_step(actor=by(whole.flow), taken=stored)

        assert kinds(whole.flow) == order
        assert digest(whole) == before
        assert last_action() == "flows.step.restored"

    def test_does_not_come_back_beside_a_new_one(self, whole: WholeFlow) -> None:
        taken = remove_step(actor=by(whole.flow), step_id=step_of(whole, StepType.DETAILS).id)
        add_step(actor=by(whole.flow), flow_id=whole.flow.id, step_type="details")
        with pytest.raises(StepThereAlready):
            restore_step(actor=by(whole.flow), taken=taken)

    def test_does_not_come_back_without_its_services(self, whole: WholeFlow) -> None:
        taken = remove_step(actor=by(whole.flow), step_id=whole.selection.id)
        whole.service.delete()
        with pytest.raises(StepCannotReturn):
            restore_step(actor=by(whole.flow), taken=taken)
        assert "service_selection" not in kinds(whole.flow)


class TestChangeFlow:
    def test_writes_the_flow_s_own_words(self, whole: WholeFlow) -> None:
        change_flow(actor=by(whole.flow), flow_id=whole.flow.id, words=Words(title="Emergencies"))
        whole.flow.refresh_from_db()
        assert whole.flow.title == "Emergencies"

    def test_is_refused_over_words_that_were_not_seen(self, whole: WholeFlow) -> None:
        with pytest.raises(StaleVersion):
            change_flow(
                actor=by(whole.flow),
                flow_id=whole.flow.id,
                words=Words(title="Emergencies"),
                seen=Words(title="Something else"),
            )


class TestCreateFlow:
    def test_begins_with_the_steps_that_no_flow_can_do_without(self) -> None:
        flow = create_flow(actor=stranger(), title=" Emergencies ")
        assert flow.title == "Emergencies"
        assert kinds(flow) == ["service_selection", "details", "timeslot", "customer", "summary"]

    def test_needs_a_name(self) -> None:
        with pytest.raises(InvalidInput):
            create_flow(actor=stranger(), title="  ")


def test_nothing_of_another_business_exists(whole: WholeFlow) -> None:
    actor, step = stranger(), step_of(whole, StepType.DETAILS)
    taken = remove_step(actor=by(whole.flow), step_id=step.id)
    restore_step(actor=by(whole.flow), taken=taken)
    ids = [one.id for one in steps_of(whole.flow)]
    for attempt in (
        lambda: move_steps(actor=actor, flow_id=whole.flow.id, step_ids=ids),
        lambda: add_step(actor=actor, flow_id=whole.flow.id, step_type="details"),
        lambda: change_step(actor=actor, step_id=step.id, words=Words(title="A"), type_config={}),
        lambda: switch_step(actor=actor, step_id=step.id, active=False),
        lambda: remove_step(actor=actor, step_id=step.id),
        lambda: restore_step(actor=actor, taken=taken),
        lambda: change_flow(actor=actor, flow_id=whole.flow.id, words=Words(title="A")),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_deleted_flow_is_not_changed() -> None:
    flow = FlowFactory.create(status="deleted")
    with pytest.raises(NotFound):
        add_step(actor=by(flow), flow_id=flow.id, step_type="details")


@pytest.mark.concurrency
class TestAtTheSameMoment:
    def test_one_of_two_adds_the_step(self, whole: WholeFlow, race: Race) -> None:
        remove_step(actor=by(whole.flow), step_id=step_of(whole, StepType.DETAILS).id)

        def add() -> str:
            try:
                add_step(actor=by(whole.flow), flow_id=whole.flow.id, step_type="details")
            except StepThereAlready:
                return "refused"
            return "added"

        assert sorted(race([add, add, add])) == ["added", "refused", "refused"]
        assert kinds(whole.flow) == list(StepType.values)

    def test_moves_from_one_order_do_not_mix(self, whole: WholeFlow, race: Race) -> None:
        ids = [step.id for step in steps_of(whole.flow)]

        def move(place: int) -> str:
            wanted = [*ids[:place], ids[place + 1], ids[place], *ids[place + 2 :]]
            try:
                move_steps(actor=by(whole.flow), flow_id=whole.flow.id, step_ids=wanted, seen=ids)
            except StaleVersion:
                return "stale"
            return "moved"

        assert sorted(race([lambda: move(0), lambda: move(2), lambda: move(4)])) == [
            "moved",
            "stale",
            "stale",
        ]
