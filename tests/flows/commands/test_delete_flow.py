import pytest

from apps.audit.models import AuditEntry
from apps.core.actors import Actor
from apps.core.errors import NotFound
from apps.flows.commands.delete_flow import delete_flow
from apps.flows.errors import FlowInUse
from apps.flows.models import BookingFlow, FlowStatus, FlowVersion
from apps.flows.queries import flow_version_document
from apps.routing.models import RouterVariant
from tests.factories.flows import WholeFlow, whole_flow
from tests.factories.organizations import OrganizationFactory
from tests.factories.routing import RouterFactory


def delete(whole: WholeFlow) -> None:
    delete_flow(actor=Actor.system(whole.flow.organization_id), flow_id=whole.flow.id)


def status_of(whole: WholeFlow) -> str:
    return BookingFlow.objects.for_organization(whole.flow.organization).get(pk=whole.flow.pk).status


@pytest.mark.django_db
class TestDeleteFlow:
    def test_deletes_a_draft(self) -> None:
        whole = whole_flow()
        delete(whole)
        assert status_of(whole) == FlowStatus.DELETED

    def test_keeps_the_versions_for_the_sessions_that_began_with_them(self) -> None:
        whole = whole_flow()
        version = whole.publish()
        delete(whole)
        assert status_of(whole) == FlowStatus.DELETED
        assert FlowVersion.objects.for_organization(whole.flow.organization).get() == version
        document = flow_version_document(
            flow_version_id=version.id, organization_id=whole.flow.organization_id
        )
        assert document["version"] == 1

    def test_is_refused_where_a_rule_leads_to_it(self) -> None:
        whole = whole_flow()
        whole.publish()
        rule = RouterFactory.create(organization=whole.flow.organization, flow=whole.flow, active=False)
        with pytest.raises(FlowInUse) as refusal:
            delete(whole)
        assert refusal.value.uses == (f"the routing rule “{rule}”",)
        assert status_of(whole) == FlowStatus.PUBLISHED

    def test_is_refused_where_a_rule_leads_some_visitors_to_it(self) -> None:
        other = whole_flow()
        other.publish()
        whole = whole_flow(other.flow.organization)
        whole.publish()
        rule = RouterFactory.create(organization=whole.flow.organization, flow=other.flow)
        RouterVariant.objects.create(organization=whole.flow.organization, router=rule, flow=whole.flow)
        with pytest.raises(FlowInUse) as refusal:
            delete(whole)
        assert len(refusal.value.uses) == 1
        assert str(rule) in refusal.value.detail

    def test_of_no_rule_any_more_is_possible(self) -> None:
        whole = whole_flow()
        whole.publish()
        rule = RouterFactory.create(organization=whole.flow.organization, flow=whole.flow)
        rule.delete()
        delete(whole)
        assert status_of(whole) == FlowStatus.DELETED

    def test_is_audited(self) -> None:
        whole = whole_flow(title="Book a visit")
        delete(whole)
        entry = AuditEntry.objects.for_organization(whole.flow.organization).get()
        assert (entry.action, entry.old) == (
            "flows.flow.deleted",
            {"name": "Book a visit", "status": "draft"},
        )

    def test_happens_once(self) -> None:
        whole = whole_flow()
        delete(whole)
        with pytest.raises(NotFound):
            delete(whole)

    def test_another_businesss_flow_does_not_exist(self) -> None:
        whole = whole_flow()
        with pytest.raises(NotFound):
            delete_flow(actor=Actor.system(OrganizationFactory.create().id), flow_id=whole.flow.id)
        assert status_of(whole) == FlowStatus.DRAFT
