import pytest

from apps.core.errors import NotFound
from apps.core.icons import icon_path
from apps.core.ids import new_id
from apps.flows.errors import SelectionInvalid
from apps.flows.models import FlowVersion
from apps.flows.queries import flow_json, flow_version_document, walk_selection
from tests.factories.flows import EdgeFactory, ServiceNodeFactory, whole_flow
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db


class TestWalkSelection:
    def test_returns_the_service_of_the_path(self) -> None:
        whole = whole_flow()
        version = whole.publish()
        service_id = walk_selection(
            flow_version_id=version.id, organization_id=whole.flow.organization_id, node_ids=whole.path
        )
        assert service_id == whole.service.id

    def test_believes_the_version_and_not_the_draft(self) -> None:
        whole = whole_flow()
        version = whole.publish()
        later = ServiceNodeFactory.create(step=whole.selection)
        EdgeFactory.create(source=whole.question, target=later)
        with pytest.raises(SelectionInvalid) as refusal:
            walk_selection(
                flow_version_id=version.id,
                organization_id=whole.flow.organization_id,
                node_ids=[whole.question.id, later.id],
            )
        assert refusal.value.data == {"reason": "unknown_node", "position": 1}

    def test_refuses_a_path_that_is_not_at_its_end(self) -> None:
        whole = whole_flow()
        version = whole.publish()
        with pytest.raises(SelectionInvalid) as refusal:
            walk_selection(
                flow_version_id=version.id,
                organization_id=whole.flow.organization_id,
                node_ids=whole.path[:1],
            )
        assert refusal.value.data["reason"] == "unfinished"

    def test_refuses_an_empty_path(self) -> None:
        whole = whole_flow()
        version = whole.publish()
        with pytest.raises(SelectionInvalid):
            walk_selection(
                flow_version_id=version.id, organization_id=whole.flow.organization_id, node_ids=[]
            )

    def test_another_businesss_version_does_not_exist(self) -> None:
        whole = whole_flow()
        version = whole.publish()
        with pytest.raises(SelectionInvalid) as refusal:
            walk_selection(
                flow_version_id=version.id,
                organization_id=OrganizationFactory.create().id,
                node_ids=whole.path,
            )
        assert refusal.value.data["reason"] == "unknown_version"


class TestFlowVersionDocument:
    def test_is_the_flow_of_the_contract(self) -> None:
        version = whole_flow().publish()
        document = flow_version_document(flow_version_id=version.id, organization_id=version.organization_id)
        assert document == {"version_id": str(version.id), "version": 1, **version.document}

    def test_from_before_icons_came_with_it_gets_them(self) -> None:
        version = whole_flow(icon="calendar").publish()
        old = FlowVersion(id=version.id, number=1, document={**version.document})
        del old.document["icons"]

        assert flow_json(old)["icons"] == {"calendar": icon_path("calendar")}
        assert "icons" not in old.document

    def test_of_another_business_does_not_exist(self) -> None:
        version = whole_flow().publish()
        with pytest.raises(NotFound):
            flow_version_document(flow_version_id=version.id, organization_id=OrganizationFactory.create().id)
        with pytest.raises(NotFound):
            flow_version_document(flow_version_id=new_id(), organization_id=version.organization_id)
