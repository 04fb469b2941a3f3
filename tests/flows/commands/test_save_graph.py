import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEntry
from apps.content.models import BookingQuestion, BookingQuestionAnswer
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound, StaleVersion
from apps.core.ids import new_id
from apps.flows.commands import save_graph as command_module
from apps.flows.commands.save_graph import SavedGraph, save_graph
from apps.flows.editing.rows import StoredGraph
from apps.flows.editing.shapes import MAX_NODES, parse_graph
from apps.flows.errors import GraphRefused
from apps.flows.models import (
    BookingFlow,
    BookingFlowStep,
    ServiceSelectionEdge,
    ServiceSelectionNode,
    StepType,
)
from tests.conftest import Race
from tests.factories.content import AnswerCategoryFactory, AnswerFactory, QuestionFactory, ServiceFactory
from tests.factories.flows import WholeFlow, whole_flow

NODE_ID = "01a22a97-43ee-755c-b2db-1ddf9ab028a9"

FACTORIES: dict[str, Any] = {
    "question": QuestionFactory,
    "answer": AnswerFactory,
    "service": ServiceFactory,
    "category": AnswerCategoryFactory,
}


class Editor:
    """Somebody who has opened a step's graph: what they see, change and save."""

    def __init__(self, whole: WholeFlow) -> None:
        self.whole = whole
        self.organization_id = whole.flow.organization_id
        stored = StoredGraph.of(whole.selection, organization_id=self.organization_id)
        self.version = stored.version
        self.graph: dict[str, Any] = {**stored.as_json(), "new_questions": [], "new_answers": []}
        for node in self.graph["nodes"]:
            node |= {"x": node["x"] or 0, "y": node["y"] or 0}

    def add(self, kind: str, **values: Any) -> str:
        """A node, here and nowhere else yet."""
        node_id = str(new_id())
        self.graph["nodes"].append({"id": node_id, "type": kind, "x": 100, "y": 0, **values})
        return node_id

    def say(self, title: str) -> str:
        """An answer in words."""
        return self.add("answer_reference", words={"title": title})

    def connect(self, source: Any, target: Any) -> None:
        """A way, the last of its source's."""
        self.graph["edges"].append({"id": str(new_id()), "source": str(source), "target": str(target)})

    def node(self, node_id: Any) -> dict[str, Any]:
        """A node as the editor has it."""
        return next(node for node in self.graph["nodes"] if node["id"] == str(node_id))

    def remove(self, node_id: Any) -> None:
        """A node, and what is connected to it."""
        gone = str(node_id)
        self.graph["nodes"] = [node for node in self.graph["nodes"] if node["id"] != gone]
        self.graph["edges"] = [
            edge for edge in self.graph["edges"] if gone not in (edge["source"], edge["target"])
        ]

    def save(self) -> SavedGraph:
        """All of it; the next save builds on this one."""
        saved = save_graph(
            actor=Actor.system(self.organization_id),
            step_id=self.whole.selection.id,
            graph=parse_graph(self.graph),
            expected_version=self.version,
        )
        self.version = saved.version
        return saved


def settled(whole: WholeFlow) -> Editor:
    """An editor of a graph that it has saved before: places are given, choices are numbered from 0."""
    editor = Editor(whole)
    editor.save()
    return editor


def targets_of(node_id: Any) -> list[str]:
    edges = ServiceSelectionEdge.objects.filter(source=node_id).order_by("position")
    return [str(edge.target_id) for edge in edges]


def reasons(refusal: pytest.ExceptionInfo[GraphRefused]) -> set[str]:
    return {problem["code"] for problem in refusal.value.data["problems"]}


@pytest.mark.django_db
class TestSaveGraph:
    def test_stores_what_was_drawn(self) -> None:
        whole = whole_flow()
        editor = settled(whole)
        answer = editor.say("No hot water")
        service = editor.add("service_reference", service_id=str(whole.service.id))
        editor.connect(whole.question.id, answer)
        editor.connect(answer, service)

        saved = editor.save()

        assert saved.counts == {"nodes_added": 2, "connections_added": 2}
        assert targets_of(whole.question.id) == [str(whole.service_node.id), answer]
        assert targets_of(answer) == [service]
        assert ServiceSelectionNode.objects.get(pk=answer).answer_title == "No hot water"
        assert ServiceSelectionNode.objects.get(pk=answer).x == 100

    def test_reads_back_what_it_wrote(self) -> None:
        editor = Editor(whole_flow())
        category = AnswerCategoryFactory.create(organization=editor.whole.flow.organization)
        editor.add(
            "answer_reference",
            words={"title": "Words", "description": "More.", "icon": "wrench"},
            category_id=str(category.id),
        )
        editor.save()

        again = Editor(editor.whole)

        assert again.version == editor.version
        assert again.graph["nodes"][2] == {
            "id": editor.graph["nodes"][2]["id"],
            "type": "answer_reference",
            "question_id": None,
            "answer_id": None,
            "service_id": None,
            "words": {"title": "Words", "description": "More.", "icon": "wrench"},
            "category_id": str(category.id),
            "x": 100,
            "y": 0,
        }

    def test_keeps_rows_that_stay(self) -> None:
        editor = Editor(whole_flow())
        node, edge = editor.whole.question, ServiceSelectionEdge.objects.get()
        editor.save()
        node.refresh_from_db()
        before = node.updated_at

        editor.say("Something else")
        editor.save()

        node.refresh_from_db()
        assert (node.updated_at, ServiceSelectionEdge.objects.get(pk=edge.pk).target_id) == (
            before,
            edge.target_id,
        )

    def test_takes_out_what_is_gone(self) -> None:
        editor = Editor(whole_flow())
        editor.remove(editor.whole.service_node.id)

        saved = editor.save()

        assert saved.counts["nodes_removed"] == saved.counts["connections_removed"] == 1
        assert list(ServiceSelectionNode.objects.all()) == [editor.whole.question]
        assert not ServiceSelectionEdge.objects.exists()

    def test_reorders_choices(self) -> None:
        whole = whole_flow()
        editor = Editor(whole)
        first, second = editor.say("First"), editor.say("Second")
        editor.connect(whole.question.id, first)
        editor.connect(whole.question.id, second)
        editor.save()

        editor.graph["edges"].reverse()
        saved = editor.save()

        assert saved.counts == {"connections_reordered": 2}
        assert targets_of(whole.question.id) == [second, first, str(whole.service_node.id)]

    def test_two_ways_exchange_their_ends(self) -> None:
        whole = whole_flow()
        editor = Editor(whole)
        other = editor.say("Other")
        editor.connect(whole.question.id, other)
        editor.save()

        one, two = editor.graph["edges"]
        one["target"], two["target"] = two["target"], one["target"]
        editor.save()

        assert targets_of(whole.question.id) == [other, str(whole.service_node.id)]
        assert {str(edge.id) for edge in ServiceSelectionEdge.objects.all()} == {one["id"], two["id"]}

    def test_writes_new_questions_and_answers_with_the_graph(self) -> None:
        whole = whole_flow()
        QuestionFactory.create(organization=whole.flow.organization, unique_name="gas-or-electric")
        editor = Editor(whole)
        question, text, books = str(new_id()), str(new_id()), str(new_id())
        editor.graph["new_questions"] = [
            {"id": question, "title": "Gas or electric?", "help_text": "See the label."}
        ]
        editor.graph["new_answers"] = [
            {"id": text, "question_id": question, "title": "Gas"},
            {"id": books, "question_id": question, "service_id": str(whole.service.id)},
        ]
        node = editor.add("question_reference", question_id=question)
        for answer in (text, books):
            editor.connect(node, editor.add("answer_reference", answer_id=answer))

        editor.save()

        made = BookingQuestion.objects.get(pk=question)
        assert (made.unique_name, made.help_text) == ("gas-or-electric-2", "See the label.")
        assert made.organization == whole.flow.organization
        assert [(answer.type, str(answer)) for answer in made.answers.all()] == [
            ("text", "Gas"),
            ("service_reference", whole.service.title),
        ]
        assert ServiceSelectionNode.objects.get(pk=node).question == made
        actions = set(AuditEntry.objects.values_list("action", flat=True))
        assert {"content.bookingquestion.added", "flows.graph.saved"} <= actions

    def test_a_broken_draft_can_be_saved_but_not_published(self) -> None:
        editor = Editor(whole_flow())
        editor.say("Leads nowhere and comes from nowhere")

        editor.save()

        with pytest.raises(Exception, match="FLOW_INVALID"):
            editor.whole.publish()

    def test_an_empty_graph_can_be_saved(self) -> None:
        editor = Editor(whole_flow())
        editor.graph |= {"nodes": [], "edges": []}

        editor.save()

        assert not ServiceSelectionNode.objects.exists()

    def test_notes_that_the_draft_changed_and_who_did_it(self) -> None:
        editor = Editor(whole_flow())
        editor.say("New")

        editor.save()

        assert BookingFlow.objects.get(pk=editor.whole.flow.pk).draft_changed_at is not None
        entry = AuditEntry.objects.get(action="flows.graph.saved")
        assert entry.subject_id == editor.whole.flow.id
        assert (entry.new["name"], entry.new["nodes_added"]) == ("Book a visit: Service selection", 1)

    def test_places_are_no_part_of_what_is_published(self) -> None:
        editor = settled(whole_flow())
        version = editor.whole.publish()
        before = BookingFlow.objects.get(pk=editor.whole.flow.pk).draft_changed_at
        editor.node(editor.whole.question.id).update(x=500, y=-40)

        saved = editor.save()

        assert saved.counts == {"nodes_moved": 1}
        assert editor.whole.publish() == version
        assert BookingFlow.objects.get(pk=editor.whole.flow.pk).draft_changed_at == before

    def test_saving_the_same_again_writes_nothing(self) -> None:
        editor = Editor(whole_flow())
        editor.save()

        saved = editor.save()

        assert saved == SavedGraph(editor.version)
        assert AuditEntry.objects.filter(action="flows.graph.saved").count() == 1

    def test_needs_as_many_statements_for_many_nodes_as_for_few(self) -> None:
        few, many = Editor(whole_flow()), Editor(whole_flow())
        counted = []
        for editor, size in ((few, 2), (many, 60)):
            service = str(editor.whole.service.id)
            for _ in range(size):
                answer = editor.say("One more")
                editor.connect(editor.whole.question.id, answer)
                editor.connect(answer, editor.add("service_reference", service_id=service))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                editor.save()
            counted.append(len(queries))

        assert counted[0] == counted[1] <= 25


@pytest.mark.django_db
class TestRefusals:
    def test_of_a_state_that_somebody_else_has_changed(self) -> None:
        whole = whole_flow()
        mine, theirs = Editor(whole), Editor(whole)
        theirs.say("Theirs")
        theirs.save()
        mine.say("Mine")

        with pytest.raises(StaleVersion) as refusal:
            mine.save()

        assert refusal.value.data == {"current_version": theirs.version}
        assert not ServiceSelectionNode.objects.filter(answer_title="Mine").exists()

    def test_of_a_change_that_was_made_by_another_way_than_the_editor(self) -> None:
        editor = Editor(whole_flow())
        ServiceSelectionEdge.objects.all().delete()

        with pytest.raises(StaleVersion):
            editor.save()

    def test_of_another_business(self) -> None:
        whole = whole_flow()
        stranger = Editor(whole_flow())

        with pytest.raises(NotFound):
            save_graph(
                actor=Actor.system(stranger.organization_id),
                step_id=whole.selection.id,
                graph=parse_graph(stranger.graph),
                expected_version=Editor(whole).version,
            )

    def test_of_a_step_without_a_graph(self) -> None:
        editor = Editor(whole_flow())
        other = BookingFlowStep.objects.get(flow=editor.whole.flow, step_type=StepType.SUMMARY)

        with pytest.raises(NotFound):
            save_graph(
                actor=Actor.system(editor.organization_id),
                step_id=other.id,
                graph=parse_graph({"nodes": [], "edges": []}),
                expected_version=editor.version,
            )

    @pytest.mark.parametrize("kind", FACTORIES)
    def test_of_the_content_of_another_business(self, kind: str) -> None:
        editor = Editor(whole_flow())
        foreign: dict[str, Any] = {f"{kind}_id": str(FACTORIES[kind].create().id)}
        if kind == "category":
            foreign["words"] = {"title": "Words"}
        node = editor.add("answer_reference" if kind == "category" else f"{kind}_reference", **foreign)

        with pytest.raises(GraphRefused) as refusal:
            editor.save()

        assert refusal.value.data["problems"][0]["node_ids"] == [node]
        assert reasons(refusal) == {"unknown_content"}

    def test_of_a_new_answer_to_the_question_of_another_business(self) -> None:
        editor = Editor(whole_flow())
        answer = str(new_id())
        editor.graph["new_answers"] = [
            {"id": answer, "question_id": str(QuestionFactory.create().id), "title": "Mine now"}
        ]
        editor.add("answer_reference", answer_id=answer)

        with pytest.raises(GraphRefused):
            editor.save()

        assert not BookingQuestionAnswer.objects.filter(title="Mine now").exists()

    def test_of_ids_that_another_graph_has(self) -> None:
        other, editor = whole_flow(), Editor(whole_flow())
        editor.graph["nodes"].append(
            {
                "id": str(other.question.id),
                "type": "answer_reference",
                "words": {"title": "Taken over"},
                "x": 0,
                "y": 0,
            }
        )

        with pytest.raises(GraphRefused) as refusal:
            editor.save()

        assert reasons(refusal) == {"id_taken"}
        other.question.refresh_from_db()
        assert other.question.step == other.selection

    def test_of_ways_without_ends_and_of_everything_twice(self) -> None:
        editor = Editor(whole_flow())
        editor.connect(editor.whole.question.id, new_id())
        with pytest.raises(GraphRefused) as refusal:
            editor.save()
        assert reasons(refusal) == {"dangling"}

        editor = Editor(editor.whole)
        editor.connect(editor.whole.question.id, editor.whole.service_node.id)
        editor.graph["nodes"].append(dict(editor.graph["nodes"][0]))
        with pytest.raises(GraphRefused) as refusal:
            editor.save()
        assert reasons(refusal) == {"repeated"}

    @pytest.mark.parametrize(
        "nonsense",
        [
            None,
            [],
            {"nodes": []},
            {"nodes": {}, "edges": []},
            {"nodes": [{"id": "1"}], "edges": []},
            {"nodes": [], "edges": [], "root": 1},
            {"nodes": [{"id": NODE_ID, "type": "question_reference", "x": 0, "y": 0}], "edges": []},
            {
                "nodes": [
                    {
                        "id": NODE_ID,
                        "type": "answer_reference",
                        "words": {"title": "  "},
                        "x": 0,
                        "y": 0,
                    }
                ],
                "edges": [],
            },
        ],
        ids=[
            "null",
            "a_list",
            "no_edges",
            "nodes_by_id",
            "a_node_of_no_kind",
            "a_field_too_many",
            "a_question_without_words",
            "an_answer_of_blanks",
        ],
    )
    def test_of_wrong_shapes(self, nonsense: Any) -> None:
        with pytest.raises(InvalidInput):
            parse_graph(nonsense)

    def test_of_more_nodes_than_anybody_can_look_at(self) -> None:
        node = {"type": "answer_reference", "words": {"title": "One more"}, "x": 0, "y": 0}
        nodes = [{**node, "id": str(new_id())} for _ in range(MAX_NODES + 1)]

        assert len(parse_graph({"nodes": nodes[:-1], "edges": []}).nodes) == MAX_NODES
        with pytest.raises(InvalidInput):
            parse_graph({"nodes": nodes, "edges": []})


def outcomes_of_two(race: Race, whole: WholeFlow) -> list[Any]:
    editors = [Editor(whole), Editor(whole)]
    for editor, title in zip(editors, ("One", "Other"), strict=True):
        editor.connect(whole.question.id, editor.say(title))
    return race([editor.save for editor in editors])


@pytest.mark.concurrency
def test_of_two_who_save_at_once_one_wins_and_the_other_is_told(race: Race) -> None:
    whole = whole_flow()

    outcomes = outcomes_of_two(race, whole)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["SavedGraph", "StaleVersion"]
    (winner,) = (outcome for outcome in outcomes if isinstance(outcome, SavedGraph))
    assert Editor(whole).version == winner.version
    assert ServiceSelectionNode.objects.filter(step=whole.selection).count() == 3
    assert [edge.position for edge in whole.selection.edges.all()] == [0, 1]


@pytest.mark.concurrency
def test_without_the_lock_both_write_over_each_other(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_read = threading.Barrier(2)
    compare = command_module._ensure_unchanged

    def read_unlocked(organization_id: UUID, **which: Any) -> BookingFlow:
        return BookingFlow.objects.for_organization(organization_id).get(**which)

    def compare_together(stored: StoredGraph, expected_version: int) -> None:
        compare(stored, expected_version)
        both_have_read.wait(timeout=30)

    monkeypatch.setattr(command_module, "lock_flow", read_unlocked)
    monkeypatch.setattr(command_module, "_ensure_unchanged", compare_together)
    whole = whole_flow()

    outcomes = outcomes_of_two(race, whole)

    assert not any(isinstance(outcome, StaleVersion) for outcome in outcomes)
