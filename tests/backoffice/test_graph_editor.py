"""The graph's editor: its page, and what its program reads and sends."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.ids import new_id
from apps.flows.models import BookingFlow, ServiceSelectionNode
from apps.organizations.models import Role
from tests.factories.backoffice import Business, whole_business
from tests.factories.content import AnswerFactory, QuestionFactory, ServiceAnswerFactory, ServiceFactory
from tests.factories.flows import AnswerNodeFactory, EdgeFactory, QuestionNodeFactory, StepFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Business:
    return whole_business()


def page_url(business: Business) -> str:
    return reverse("admin:flow_graph", args=[business.flow.selection.pk])


def data_url(business: Business) -> str:
    return reverse("admin:flow_graph_data", args=[business.flow.selection.pk])


def put(client: Client, business: Business, body: Any, **headers: str) -> Any:
    sent = body if isinstance(body, bytes) else json.dumps(body)
    return client.put(data_url(business), sent, content_type="application/json", headers=headers)


def with_an_answer(seen: Any, title: str = "No hot water") -> dict[str, Any]:
    """What was read, with one more node, as the editor sends it."""
    nodes = [{**node, "x": node["x"] or 0, "y": node["y"] or 0} for node in seen["graph"]["nodes"]]
    answer = {"id": str(new_id()), "type": "answer_reference", "words": {"title": title}, "x": 0, "y": 90}
    return {
        "expected_version": seen["version"],
        "graph": {"nodes": [*nodes, answer], "edges": seen["graph"]["edges"]},
    }


class TestPage:
    def test_opens_with_the_outline_for_who_runs_no_scripts(self, acme: Business) -> None:
        page = acme.client().get(page_url(acme))

        assert page.status_code == 200
        assert "<noscript>" in page.content.decode()
        assert str(acme.flow.service.title) in page.content.decode()

    def test_is_nobody_elses(self, acme: Business) -> None:
        other = whole_business("Globex")

        assert other.client().get(page_url(acme)).status_code == 404
        assert Client().get(page_url(acme)).status_code == 302

    def test_is_not_for_a_deleted_flow_or_another_kind_of_step(self, acme: Business) -> None:
        details = acme.flow.flow.steps.get(step_type="details")
        client = acme.client()

        assert client.get(reverse("admin:flow_graph", args=[details.pk])).status_code == 404
        BookingFlow.objects.filter(pk=acme.flow.flow.pk).update(status="deleted")
        assert client.get(page_url(acme)).status_code == 404


class TestReading:
    def test_gives_the_graph_and_what_can_be_chosen(self, acme: Business) -> None:
        seen = acme.client().get(data_url(acme)).json()

        assert [node["type"] for node in seen["graph"]["nodes"]] == [
            "question_reference",
            "service_reference",
        ]
        (question,) = [one for one in seen["questions"] if one["used_in"]]
        assert question["used_in"] == ["Acme flow"]
        assert [answer["title"] for answer in question["answers"]] == ["Acme answer"]
        assert {service["title"] for service in seen["services"]} >= {"Acme service"}
        assert [category["title"] for category in seen["categories"]] == ["Acme heading"]
        assert seen["csrf_token"]

    def test_shows_nothing_of_another_business(self, acme: Business) -> None:
        whole_business("Globex")

        assert "Globex" not in acme.client().get(data_url(acme)).content.decode()

    def test_asks_the_database_as_often_for_much_as_for_little(self, acme: Business) -> None:
        client = acme.client()
        client.get(data_url(acme))
        with CaptureQueriesContext(connection) as few:
            client.get(data_url(acme))
        step, organization = acme.flow.selection, acme.organization
        for _ in range(5):
            question = QuestionFactory.create(organization=organization)
            ServiceAnswerFactory.create(question=question)
            AnswerFactory.create(question=question)
            EdgeFactory.create(
                source=QuestionNodeFactory.create(step=step, question=question),
                target=AnswerNodeFactory.create(step=step),
            )
            QuestionNodeFactory.create(
                step=StepFactory.create(flow__organization=organization), question=question
            )
            ServiceFactory.create(organization=organization)

        with CaptureQueriesContext(connection) as many:
            client.get(data_url(acme))

        # session, user, memberships, the step, and six for the editor
        assert len(few) == len(many) == 10


class TestSaving:
    def test_writes_what_was_drawn(self, acme: Business) -> None:
        client = acme.client()
        seen = client.get(data_url(acme)).json()

        answer = put(client, acme, with_an_answer(seen))

        assert answer.status_code == 200, answer.content
        assert answer.json()["version"] == client.get(data_url(acme)).json()["version"]
        assert ServiceSelectionNode.objects.filter(answer_title="No hot water").exists()

    def test_tells_who_saves_an_older_state(self, acme: Business) -> None:
        client = acme.client()
        seen = client.get(data_url(acme)).json()
        put(client, acme, with_an_answer(seen, "Theirs"))

        answer = put(client, acme, with_an_answer(seen, "Mine"))

        assert (answer.status_code, answer.json()["code"]) == (409, "STALE_VERSION")

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"{", "MALFORMED_JSON"),
            (b'{"expected_version": NaN}', "MALFORMED_JSON"),
            ([], "VALIDATION_ERROR"),
            ({"graph": {}}, "VALIDATION_ERROR"),
            ({"graph": {}, "expected_version": "1"}, "VALIDATION_ERROR"),
            ({"graph": {}, "expected_version": True}, "VALIDATION_ERROR"),
            ({"graph": {"nodes": 1}, "expected_version": 1}, "VALIDATION_ERROR"),
            (b" " * (4 * 1024 * 1024 + 1), "PAYLOAD_TOO_LARGE"),
        ],
        ids=lambda value: str(value)[:30],
    )
    def test_refuses_nonsense_by_a_stable_code(self, acme: Business, body: Any, code: str) -> None:
        answer = put(acme.client(), acme, body)

        assert answer.json()["code"] == code

    def test_refuses_a_graph_that_can_never_be_one(self, acme: Business) -> None:
        client = acme.client()
        body = with_an_answer(client.get(data_url(acme)).json())
        body["graph"]["edges"] = [{key: str(new_id()) for key in ("id", "source", "target")}]

        answer = put(client, acme, body)

        assert (answer.status_code, answer.json()["code"]) == (422, "GRAPH_REFUSED")
        assert answer.json()["problems"][0]["code"] == "dangling"

    def test_is_for_those_who_work_with_flows(self, acme: Business) -> None:
        other, body = whole_business("Globex"), with_an_answer(acme.client().get(data_url(acme)).json())

        codes = {
            "another business": put(other.client(), acme, body).json()["code"],
            "front desk": put(acme.client(Role.FRONTDESK), acme, body).json()["code"],
            "nobody": put(Client(), acme, body).json()["code"],
        }

        assert codes == {
            "another business": "NOT_FOUND",
            "front desk": "NOT_PERMITTED",
            "nobody": "SIGNED_OUT",
        }
        assert not ServiceSelectionNode.objects.filter(answer_title="No hot water").exists()

    def test_needs_the_token_against_forged_requests(self, acme: Business) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(acme.staff())
        seen = client.get(data_url(acme)).json()

        forged = put(client, acme, with_an_answer(seen))
        honest = put(client, acme, with_an_answer(seen), **{"X-CSRFToken": seen["csrf_token"]})

        assert (forged.status_code, honest.status_code) == (403, 200)
