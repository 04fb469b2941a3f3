"""What the OpenAPI document says of sessions."""

from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def schema() -> dict[str, Any]:
    document: dict[str, Any] = Client().get("/schema?format=json").json()
    return document


def test_every_answer_of_every_operation_is_described(schema: dict[str, Any]) -> None:
    described = {
        (path, method): set(operation["responses"])
        for path, operations in schema["paths"].items()
        if path.startswith("/v1/sessions")
        for method, operation in operations.items()
    }
    assert described == {
        ("/v1/sessions", "post"): {"201", "400", "401", "403", "413", "415", "429"},
        ("/v1/sessions/{session_id}", "get"): {"200", "401", "403", "404", "429"},
        ("/v1/sessions/{session_id}/events", "post"): {
            "200", "400", "401", "404", "409", "413", "415", "429",
        },
    }  # fmt: skip


def test_a_batch_lists_the_ten_events_of_a_client(schema: dict[str, Any]) -> None:
    items = schema["components"]["schemas"]["EventBatchRequest"]["properties"]["events"]["items"]
    assert len(items["oneOf"]) == 10
    assert "session_completed" not in items["discriminator"]["mapping"]


def test_events_need_no_api_key_and_may_be_plain_text(schema: dict[str, Any]) -> None:
    operation = schema["paths"]["/v1/sessions/{session_id}/events"]["post"]
    assert set(operation["requestBody"]["content"]) == {"application/json", "text/plain"}
    assert operation.get("security", [{}]) == [{}]


def test_what_a_time_picked_holds_is_described_by_its_own_name(schema: dict[str, Any]) -> None:
    picked = schema["components"]["schemas"]["TimeslotSelectedData"]
    assert set(picked["properties"]) == {"start_at", "end_at", "slot_id"}
