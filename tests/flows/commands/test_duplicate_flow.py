import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.core.actors import Actor
from apps.core.errors import NotFound
from apps.flows.commands.duplicate_flow import duplicate_flow
from apps.flows.models import BookingFlow, BookingFlowStep, FlowStatus, ServiceSelectionNode
from apps.flows.portable.exporting import document_of
from tests.factories.flows import (
    AnswerNodeFactory,
    EdgeFactory,
    ServiceNodeFactory,
    WholeFlow,
    whole_flow,
)
from tests.factories.organizations import OrganizationFactory


def twin_of(whole: WholeFlow) -> BookingFlow:
    return duplicate_flow(actor=Actor.system(whole.flow.organization_id), flow_id=whole.flow.id)


@pytest.mark.django_db
class TestDuplicateFlow:
    def test_copies_the_draft_with_its_graph(self) -> None:
        whole = whole_flow(title="Book a visit", icon="calendar")
        unsure = AnswerNodeFactory.create(step=whole.selection, answer_title="Not sure")
        EdgeFactory.create(source=whole.question, target=unsure)
        EdgeFactory.create(source=unsure, target=whole.service_node)
        twin = twin_of(whole)
        assert (twin.title, twin.icon, twin.status) == ("Copy of Book a visit", "calendar", FlowStatus.DRAFT)
        original, copied = document_of(whole.flow), document_of(twin)
        assert copied.steps == original.steps
        assert len(copied.steps) == 6
        assert copied.content == original.content

    def test_shares_content_and_no_row_of_the_draft(self) -> None:
        whole = whole_flow()
        twin = twin_of(whole)
        nodes = ServiceSelectionNode.objects.for_organization(whole.flow.organization)
        assert nodes.filter(service=whole.service).count() == 2
        steps = BookingFlowStep.objects.for_organization(whole.flow.organization)
        assert steps.filter(flow=whole.flow).count() == steps.filter(flow=twin).count() == 6

    def test_editing_the_twin_leaves_the_original_alone(self) -> None:
        whole = whole_flow()
        before = document_of(whole.flow)
        twin = twin_of(whole)
        twin.steps.update(title="Changed")
        twin.steps.get(step_type="service_selection").nodes.all().delete()
        assert document_of(whole.flow) == before

    def test_a_published_flows_twin_is_a_draft(self) -> None:
        whole = whole_flow()
        whole.publish()
        twin = twin_of(whole)
        assert (twin.status, twin.published_version) == (FlowStatus.DRAFT, None)

    def test_a_long_title_still_fits(self) -> None:
        assert len(twin_of(whole_flow(title="x" * 120)).title) == 120

    def test_is_audited(self) -> None:
        whole = whole_flow(title="Book a visit")
        twin = twin_of(whole)
        entry = AuditEntry.objects.for_organization(whole.flow.organization).get()
        assert (entry.action, entry.subject_id) == ("flows.flow.duplicated", twin.id)
        assert entry.new == {"name": "Copy of Book a visit", "of": str(whole.flow.id)}

    def test_takes_the_same_number_of_queries_however_large_the_graph(self) -> None:
        small, large = whole_flow(), whole_flow()
        for _ in range(20):
            EdgeFactory.create(source=large.question, target=ServiceNodeFactory.create(step=large.selection))
        with CaptureQueriesContext(connection) as few:
            twin_of(small)
        with CaptureQueriesContext(connection) as many:
            twin_of(large)
        assert len(few) == len(many)

    def test_another_businesss_flow_does_not_exist(self) -> None:
        with pytest.raises(NotFound):
            duplicate_flow(actor=Actor.system(OrganizationFactory.create().id), flow_id=whole_flow().flow.id)

    def test_a_deleted_flow_does_not_exist(self) -> None:
        with pytest.raises(NotFound):
            twin_of(whole_flow(status=FlowStatus.DELETED))
