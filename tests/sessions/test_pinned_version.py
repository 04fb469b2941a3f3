"""Whatever becomes of a flow, a session goes on with the version that it began with (REQ-FLOW-12)."""

from collections.abc import Callable

import pytest

from apps.core.actors import Actor
from apps.flows.commands.delete_flow import delete_flow
from apps.flows.commands.restore_version import restore_version
from apps.flows.models import BookingFlow, FlowVersion, StepType
from apps.flows.queries import flow_version_document, needs_publishing, walk_selection
from tests.factories.flows import EdgeFactory, QuestionNodeFactory, ServiceNodeFactory, WholeFlow, whole_flow
from tests.factories.sessions import Visit, step_completed, step_entered, visit_to

pytestmark = pytest.mark.django_db


def edit(whole: WholeFlow) -> None:
    """Another graph, another title, and a step less."""
    whole.selection.edges.all().delete()
    whole.selection.nodes.all().delete()
    question = QuestionNodeFactory.create(step=whole.selection)
    EdgeFactory.create(source=question, target=ServiceNodeFactory.create(step=whole.selection))
    whole.selection.title = "Something else"
    whole.selection.save()
    whole.flow.steps.filter(step_type=StepType.DETAILS).delete()


def edit_and_publish(whole: WholeFlow) -> None:
    edit(whole)
    whole.publish()


def roll_back(whole: WholeFlow) -> None:
    edit_and_publish(whole)
    first = FlowVersion.objects.for_organization(whole.flow.organization).get(number=1)
    actor = Actor.system(whole.flow.organization_id)
    restore_version(actor=actor, flow_id=whole.flow.id, version_id=first.id)


def delete(whole: WholeFlow) -> None:
    delete_flow(actor=Actor.system(whole.flow.organization_id), flow_id=whole.flow.id)


def change_the_service(whole: WholeFlow) -> None:
    whole.service.title, whole.service.price = "Something dearer", 999
    whole.service.save()
    whole.publish()


def everything_about(visit: Visit) -> dict[str, object]:
    return flow_version_document(
        flow_version_id=visit.session.flow_version_id, organization_id=visit.session.organization_id
    )


@pytest.mark.parametrize("happens", [edit, edit_and_publish, roll_back, delete, change_the_service])
def test_a_running_session_does_not_notice(happens: Callable[[WholeFlow], None]) -> None:
    whole = whole_flow()
    visit = visit_to(whole.publish())
    details = visit.steps[2]
    visit.record(step_entered(visit.steps[0]))
    before = everything_about(visit)

    happens(whole)

    visit.session.refresh_from_db()
    assert visit.session.flow_version_id == visit.version.id
    assert everything_about(visit) == before
    # The path and the steps of its version are believed still, though the draft has lost them.
    selected = walk_selection(
        flow_version_id=visit.version.id,
        organization_id=visit.session.organization_id,
        node_ids=whole.path,
    )
    assert selected == whole.service.id
    visit.record(step_completed(visit.steps[0]), step_entered(details, step_type="details"))
    assert visit.session.step_progression["completed_step_ids"] == [str(visit.steps[0])]
    assert visit.session.step_progression["furthest_step_id"] == str(details)


def test_an_edited_draft_needs_publishing_and_new_sessions_get_the_old_version_until_then() -> None:
    whole = whole_flow()
    first = whole.publish()
    edit(whole)
    flow = BookingFlow.objects.for_organization(whole.flow.organization).get()
    assert needs_publishing(flow)
    assert flow.published_version == first
    second = whole.publish()
    flow.refresh_from_db()
    assert not needs_publishing(flow)
    assert (flow.published_version, second.number) == (second, 2)
