"""One id from the edge to everything that a request causes: tasks, sockets, vendors."""

import asyncio
import logging
import uuid
from collections.abc import MutableMapping
from io import StringIO
from typing import Any

import pytest
from celery import Celery, signals
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from apps.core import tasks_context
from apps.core.context import current_request_id, outgoing_headers, request_id_scope
from apps.core.live import RequestIdSocket
from apps.core.logs import RequestIdFilter

GIVEN = "from-the-gateway-1"


def breaks(_request: object) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("v1/breaks", breaks)]
handler500 = "apps.core.api.fallbacks.server_error"


@pytest.mark.django_db
class TestAnswers:
    @pytest.mark.parametrize(
        "address", ["/healthz", "/no/such/page", "/v1/nothing", "/admin/v1/nothing", "/metrics"]
    )
    def test_every_answer_names_it(self, client: Client, address: str) -> None:
        assert client.get(address, headers={"X-Request-Id": GIVEN})["X-Request-Id"] == GIVEN

    @pytest.mark.urls(__name__)
    def test_an_answer_that_broke_names_it_in_body_and_header(self) -> None:
        response = Client(raise_request_exception=False).get("/v1/breaks", headers={"X-Request-Id": GIVEN})

        assert response.status_code == 500
        assert response["X-Request-Id"] == response.json()["request_id"] == GIVEN

    def test_so_does_a_host_that_we_are_not(self, client: Client, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["scheduler.example.com"]

        response = client.get("/v1/dates", headers={"X-Request-Id": GIVEN, "Host": "evil.example.com"})

        assert response.status_code == 400
        assert response["X-Request-Id"] == GIVEN

    def test_what_django_logs_of_a_refusal_names_it_too(self, client: Client) -> None:
        stream = StringIO()
        handler = logging.StreamHandler(stream)
        handler.addFilter(RequestIdFilter())
        handler.setFormatter(logging.Formatter("{request_id} {message}", style="{"))
        logger = logging.getLogger("django.request")
        level = logger.level
        logger.addHandler(handler)
        logger.setLevel(logging.WARNING)
        try:
            client.get("/no/such/page", headers={"X-Request-Id": GIVEN})
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)

        assert stream.getvalue() == f"{GIVEN} Not Found: /no/such/page\n"


class TestTasks:
    @pytest.fixture
    def app(self) -> Celery:
        """A worker's and a sender's side in one process, through a broker in memory."""
        return Celery("tests", broker="memory://", backend="cache+memory://")

    def test_the_one_who_asks_says_for_which_request(self) -> None:
        headers: dict[str, Any] = {}
        with request_id_scope(GIVEN):
            tasks_context.send_request_id(headers=headers)

        assert headers == {"x_request_id": GIVEN}

    def test_a_task_runs_under_the_id_that_it_was_sent_with(self, app: Celery) -> None:
        seen = self.run(app, headers={tasks_context.HEADER: GIVEN})

        assert seen == [GIVEN]

    def test_a_task_that_nobody_asked_for_is_its_own_cause(self, app: Celery) -> None:
        task_id = str(uuid.uuid4())

        assert self.run(app, task_id=task_id) == [task_id]

    def test_a_harmful_id_is_replaced(self, app: Celery) -> None:
        (seen,) = self.run(app, headers={tasks_context.HEADER: "x\nforged line"})

        assert uuid.UUID(seen).version == 7

    def test_a_task_that_fails_leaves_nothing_behind(self, app: Celery) -> None:
        def fails() -> None:
            raise RuntimeError("on purpose")

        app.task(fails).apply(headers={tasks_context.HEADER: GIVEN})

        assert current_request_id() == ""
        assert tasks_context._scopes == {}

    def test_the_project_listens_to_celerys_signals(self) -> None:
        assert signals.before_task_publish.receivers
        assert signals.task_prerun.receivers
        assert signals.setup_logging.receivers, "else Celery logs past our masks"

    def run(self, app: Celery, **options: Any) -> list[str]:
        seen: list[str] = []

        def look() -> None:
            seen.append(current_request_id())

        app.task(look).apply(**options)
        return seen


class TestSockets:
    def open(self, *headers: tuple[bytes, bytes]) -> tuple[list[MutableMapping[str, Any]], list[str]]:
        sent: list[MutableMapping[str, Any]] = []
        seen: list[str] = []

        async def application(_scope: Any, _receive: Any, send: Any) -> None:
            seen.append(current_request_id())
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": "hello"})

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "websocket", "headers": list(headers)}
        asyncio.run(RequestIdSocket(application)(scope, receive, send))
        return sent, seen

    def test_the_consumer_runs_under_the_handshakes_id_and_returns_it(self) -> None:
        sent, seen = self.open((b"x-request-id", GIVEN.encode()))

        assert seen == [GIVEN]
        assert sent[0]["headers"] == [(b"x-request-id", GIVEN.encode())]
        assert sent[1] == {"type": "websocket.send", "text": "hello"}

    def test_a_socket_without_one_gets_one(self) -> None:
        _, (seen,) = self.open()

        assert uuid.UUID(seen).version == 7


class TestVendors:
    def test_a_call_to_a_vendor_carries_it(self) -> None:
        with request_id_scope(GIVEN):
            assert outgoing_headers() == {"X-Request-Id": GIVEN}

    def test_outside_a_request_there_is_none_to_carry(self) -> None:
        assert outgoing_headers() == {}
