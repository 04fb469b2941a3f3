"""What an event may say, and what it may not."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from apps.sessions.events import EventBatch
from tests.factories.sessions import SOME_TIME, Json, event_json, step_entered, timeslot_selected

ID = str(uuid4())
EVERY_CLIENT_EVENT = [
    event_json("session_started"),
    step_entered(uuid4()),
    event_json("step_completed", step_id=uuid4(), step_type="details", duration_ms=0),
    event_json("field_updated", field="address.line1", valid=False),
    event_json("validation_error", field="phone", rule="phone_number"),
    event_json("question_answered", question_node_id=uuid4(), answer_node_id=uuid4()),
    event_json("service_selected", service_id=uuid4(), node_id=uuid4()),
    event_json("navigation_back", from_step_id=uuid4(), to_step_id=uuid4()),
    timeslot_selected(),
    event_json("session_abandoned", reason="navigated_away"),
]


def accepted(event: Json) -> bool:
    try:
        EventBatch.model_validate({"token": "t", "events": [event]})
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("event", EVERY_CLIENT_EVENT, ids=lambda event: event["event_type"])
class TestEveryClientEvent:
    def test_is_accepted_as_the_contract_writes_it(self, event: Json) -> None:
        assert accepted(event)

    def test_refuses_a_field_that_it_does_not_know(self, event: Json) -> None:
        assert not accepted({**event, "data": {**event["data"], "value": "Ada Lovelace"}})
        assert not accepted({**event, "note": "Ada Lovelace"})

    def test_needs_all_of_its_data(self, event: Json) -> None:
        for key in event["data"]:
            if key != "slot_id":
                fewer = {name: value for name, value in event["data"].items() if name != key}
                assert not accepted({**event, "data": fewer})


@pytest.mark.parametrize(
    "change",
    [
        {"id": "one"},
        {"id": None},
        {"timestamp": 1894633200},
        {"timestamp": "1894633200"},
        {"timestamp": "2030-01-14T15:00:00"},
        {"timestamp": "2030-01-14"},
        {"timestamp": "0001-01-01T00:00:00Z"},
        {"timestamp": "9999-12-31T23:59:59Z"},
        {"step_id": None},
        {"step_id": 7},
        {"event_type": "step_skipped"},
        {"event_type": None},
        {"event_type": "session_completed"},
        {"data": []},
        {"data": None},
    ],
    ids=str,
)
def test_refuses_an_envelope_that_is_out_of_shape(change: dict[str, Any]) -> None:
    assert not accepted({**step_entered(uuid4()), **change})


@pytest.mark.parametrize(
    ("event_type", "data"),
    [
        ("field_updated", {"field": "ada@example.com", "valid": True}),
        ("field_updated", {"field": "Ada Lovelace", "valid": True}),
        ("field_updated", {"field": "x" * 65, "valid": True}),
        ("field_updated", {"field": "zip\x00", "valid": True}),
        ("field_updated", {"field": "zip\n", "valid": True}),
        ("field_updated", {"field": "\ud800", "valid": True}),
        ("field_updated", {"field": "zip", "valid": "yes"}),
        ("field_updated", {"field": "zip", "valid": 1}),
        ("validation_error", {"field": "zip", "rule": "+1 303 555 0142"}),
        ("session_abandoned", {"reason": "I could not find my street"}),
        ("timeslot_selected", {"start_at": SOME_TIME, "end_at": SOME_TIME, "slot_id": None}),
        ("step_completed", {"step_type": "details", "duration_ms": -1}),
        ("step_completed", {"step_type": "details", "duration_ms": 1.5}),
        ("step_completed", {"step_type": "details", "duration_ms": "12"}),
        ("step_completed", {"step_type": "details", "duration_ms": True}),
        ("step_completed", {"step_type": "payment", "duration_ms": 1}),
    ],
    ids=str,
)
def test_refuses_data_that_is_not_a_name_a_flag_or_in_range(event_type: str, data: dict[str, Any]) -> None:
    assert not accepted({**event_json(event_type, step_id=uuid4()), "data": data})
