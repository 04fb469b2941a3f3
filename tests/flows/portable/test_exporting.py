import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.content.models import BookingService
from apps.core.actors import Actor
from apps.flows.commands.import_flow import import_flow
from apps.flows.models import BookingFlow
from apps.flows.portable.exporting import document_of, file_of
from apps.flows.portable.parsing import parse_flow_file
from apps.flows.portable.shapes import (
    AnswerNode,
    FlowDocument,
    PortableService,
    QuestionNode,
    ServiceNode,
)
from tests.factories.availability import LocationFactory
from tests.factories.content import ServiceFactory
from tests.factories.flows import EdgeFactory, ServiceNodeFactory, whole_flow
from tests.factories.organizations import OrganizationFactory
from tests.flows.portable.support import DOCUMENT, file_with

# What a service is to one business only: its vendor, and whether it is sold at the moment.
OF_ONE_BUSINESS = {
    "id",
    "created_at",
    "updated_at",
    "organization",
    "active",
    "vendor_type",
    "vendor_data",
    "vendor_sync_status",
    "job_type_id",
    "job_type_name",
}


def imported(raw: bytes) -> BookingFlow:
    location = LocationFactory.create(name="Downtown")
    actor = Actor.system(location.organization_id)
    return import_flow(actor=actor, document=parse_flow_file(raw)).flow


def in_words(document: FlowDocument) -> dict[str, Any]:
    """All that a document says, without its keys."""
    content, graph = document.content, document.steps[1].graph
    assert graph is not None
    answers = {
        key: (
            content.questions[answer.question].title,
            answer.model_dump(exclude={"question", "category", "service"}),
            answer.category and content.categories[answer.category],
            answer.service and content.services[answer.service].title,
        )
        for key, answer in content.answers.items()
    }
    nodes: dict[str, Any] = {}
    for key, node in graph.nodes.items():
        match node:
            case QuestionNode():
                nodes[key] = content.questions[node.question]
            case ServiceNode():
                nodes[key] = content.services[node.service]
            case AnswerNode():
                nodes[key] = (answers[node.answer], node.category and content.categories[node.category])
            case _:
                nodes[key] = (node.title, node.category and content.categories[node.category])
    return {
        "flow": document.flow,
        "steps": [
            (step.step_type, step.title, step.description, step.icon, step.active) for step in document.steps
        ],
        "zip": (document.steps[0].settings or {})["areas"],
        "services": sorted(content.services.values(), key=lambda words: words.title),
        "places": sorted(node.at for node in graph.nodes.values() if node.at),
        "choices": {
            str(nodes[source]): [str(nodes[edge.target]) for edge in graph.edges if edge.source == source]
            for source in graph.nodes
        },
    }


@pytest.mark.django_db
class TestExport:
    def test_a_file_survives_the_way_there_and_back(self) -> None:
        exported = file_of(document_of(imported(file_with())))
        assert in_words(parse_flow_file(exported)) == in_words(parse_flow_file(file_with()))

    def test_what_was_exported_twice_is_the_same_to_the_byte(self) -> None:
        first = file_of(document_of(imported(file_with())))
        assert file_of(document_of(imported(first))) == first

    def test_holds_no_id_of_the_database(self) -> None:
        flow = imported(file_with())
        text = file_of(document_of(flow)).decode()
        rows = [flow, *flow.steps.all(), *BookingService.objects.for_organization(flow.organization)]
        assert len(rows) == 1 + len(DOCUMENT["steps"]) + 2
        assert not [row for row in rows if str(row.pk) in text]

    def test_two_rows_of_one_title_get_two_keys(self) -> None:
        whole = whole_flow()
        whole.service.title = "Repair"
        whole.service.save()
        twin = ServiceFactory.create(organization=whole.flow.organization, title="Repair", price=10)
        EdgeFactory.create(
            source=whole.question, target=ServiceNodeFactory.create(step=whole.selection, service=twin)
        )
        content = json.loads(file_of(document_of(whole.flow)))["content"]
        assert set(content["services"]) == {"repair", "repair-2"}

    def test_words_without_latin_letters_get_keys_all_the_same(self) -> None:
        whole = whole_flow()
        whole.service.title = "加熱器"
        whole.service.save()
        document = document_of(whole.flow)
        assert [service.title for service in document.content.services.values()] == ["加熱器"]
        assert parse_flow_file(file_of(document)) == document

    def test_takes_three_queries_however_large_the_graph(self) -> None:
        small, large = whole_flow(), whole_flow()
        for _ in range(20):
            EdgeFactory.create(source=large.question, target=ServiceNodeFactory.create(step=large.selection))
        for whole in (small, large):
            with CaptureQueriesContext(connection) as queries:
                document_of(BookingFlow.objects.for_organization(whole.flow.organization).get())
            assert len(queries) == 4  # the flow, and its three kinds of rows

    def test_a_flow_of_circles_alone_is_written_too(self) -> None:
        circle = [{"from": "need", "to": "leak"}, {"from": "leak", "to": "need"}]
        document = document_of(imported(file_with(steps__1__graph__edges=circle)))
        assert document.steps[1].graph is not None
        assert len(document.steps[1].graph.nodes) == 5
        assert len(document.steps[1].graph.edges) == 2

    def test_a_diamond_after_a_diamond_does_not_take_forever(self) -> None:
        nodes, edges = {"x": {"kind": "words", "title": "x"}}, []
        for level in range(40):
            before = "x" if level == 0 else f"end-{level - 1}"
            for key in (f"a-{level}", f"b-{level}", f"end-{level}"):
                nodes[key] = {"kind": "words", "title": key}
            for side in (f"a-{level}", f"b-{level}"):
                edges += [{"from": before, "to": side}, {"from": side, "to": f"end-{level}"}]
        flow = imported(file_with(steps__1__graph={"nodes": nodes, "edges": edges}))
        document = document_of(flow)
        assert document.steps[1].graph is not None
        assert len(document.steps[1].graph.nodes) == 121


def test_every_field_of_a_service_is_exported_or_of_one_business_only() -> None:
    fields = {field.name for field in BookingService._meta.concrete_fields}
    assert fields - OF_ONE_BUSINESS == set(PortableService.model_fields)


@pytest.mark.django_db
def test_an_organization_without_flows_has_nothing_to_mix_up() -> None:
    flow = imported(file_with())
    other = OrganizationFactory.create()
    assert not BookingFlow.objects.for_organization(other).exists()
    assert BookingFlow.objects.for_organization(flow.organization).get() == flow
