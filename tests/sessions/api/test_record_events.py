import json
from typing import Any
from uuid import uuid4

import pytest

from apps.core.tokens import SessionClaims, issue_session_token
from apps.sessions.models import BookingSessionEvent
from tests.factories.organizations import OrganizationFactory
from tests.factories.sessions import (
    Json,
    Visit,
    event_json,
    new_visit,
    step_completed,
    step_entered,
)
from tests.sessions.support import Widget


@pytest.fixture
def visit(widget: Widget) -> Visit:
    return new_visit(widget.organization)


def batch(visit: Visit, *events: Json) -> dict[str, Any]:
    return {"token": visit.token, "events": list(events)}


class TestRecordEvents:
    def test_says_how_many_were_new(self, widget: Widget, visit: Visit) -> None:
        known, new = step_entered(visit.steps[0]), step_completed(visit.steps[0])
        assert widget.send(visit.session.id, batch(visit, known)).status_code == 200
        response = widget.send(visit.session.id, batch(visit, known, new))
        assert response.json() == {"accepted": 1, "duplicates": 1, "last_sequence": 2}

    @pytest.mark.parametrize("content_type", ["text/plain;charset=UTF-8", "text/plain"])
    def test_reads_what_a_beacon_sends(self, widget: Widget, visit: Visit, content_type: str) -> None:
        response = widget.send(
            visit.session.id, batch(visit, step_entered(visit.steps[0])), content_type=content_type
        )
        assert response.status_code == 200
        assert response.json()["accepted"] == 1

    def test_any_site_may_call_it_because_the_token_decides(self, widget: Widget, visit: Visit) -> None:
        response = widget.client.post(
            f"/v1/sessions/{visit.session.id}/events",
            data=json.dumps(batch(visit, step_entered(visit.steps[0]))),
            content_type="text/plain",
            headers={"Origin": "https://anywhere.example.com"},
        )
        assert response.status_code == 200
        assert response["Access-Control-Allow-Origin"] == "*"

    def test_names_every_bad_event_by_its_index_and_stores_nothing(
        self, widget: Widget, visit: Visit
    ) -> None:
        response = widget.send(
            visit.session.id,
            batch(
                visit,
                step_entered(visit.steps[0]),
                event_json("field_updated", field="zip", valid="yes"),
                event_json("session_completed", booking_id=uuid4()),
                event_json("field_updated", field="zip", valid=True, value="80202"),
                {**event_json("session_started"), "event_type": "guessed"},
            ),
        )
        assert response.status_code == 400
        assert response.json()["code"] == "VALIDATION_ERROR"
        assert response.json()["errors"] == {
            "events[1].data.valid": ["Input should be a valid boolean."],
            "events[2]": ["Only the server says that a session is completed."],
            "events[3].data.value": ["There is no such field."],
            "events[4]": ["There is no such type of event."],
        }
        assert not BookingSessionEvent.objects.exists()

    def test_a_step_of_another_flow_is_named_by_its_index(self, widget: Widget, visit: Visit) -> None:
        response = widget.send(
            visit.session.id, batch(visit, step_entered(visit.steps[0]), step_entered(uuid4()))
        )
        assert response.status_code == 400
        assert set(response.json()["errors"]) == {"events[1].step_id"}
        assert not BookingSessionEvent.objects.exists()

    def test_takes_a_hundred_events_and_no_more(self, widget: Widget, visit: Visit) -> None:
        events = [event_json("session_started") for _ in range(101)]
        assert widget.send(visit.session.id, batch(visit, *events[:100])).json()["accepted"] == 100
        response = widget.send(visit.session.id, batch(visit, *events))
        assert response.status_code == 400
        assert set(response.json()["errors"]) == {"events"}

    def test_an_empty_batch_is_refused(self, widget: Widget, visit: Visit) -> None:
        assert widget.send(visit.session.id, batch(visit)).status_code == 400

    @pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
    def test_takes_64_kilobytes_and_no_more(self, widget: Widget, visit: Visit, content_type: str) -> None:
        body = json.dumps(batch(visit, step_entered(visit.steps[0]))).encode()
        fits, too_long = body.ljust(64 * 1024), body.ljust(64 * 1024 + 1)
        assert widget.send(visit.session.id, fits, content_type=content_type).status_code == 200
        response = widget.send(visit.session.id, too_long, content_type=content_type)
        assert response.status_code == 413
        assert response.json()["code"] == "PAYLOAD_TOO_LARGE"

    @pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"token": NaN}', b"[" * 5000])
    def test_what_is_not_json_is_refused(self, widget: Widget, visit: Visit, raw: bytes) -> None:
        response = widget.send(visit.session.id, raw)
        assert response.status_code == 400
        assert response.json()["code"] in {"MALFORMED_JSON", "VALIDATION_ERROR"}

    @pytest.mark.parametrize("body", [[], "x", 1, None, {}, {"token": 1, "events": {}}], ids=str)
    def test_what_is_no_batch_is_refused(self, widget: Widget, visit: Visit, body: Any) -> None:
        response = widget.send(visit.session.id, body)
        assert response.status_code == 400
        assert response.json()["code"] == "VALIDATION_ERROR"

    def test_a_form_is_not_read(self, widget: Widget, visit: Visit) -> None:
        response = widget.send(visit.session.id, b"token=x", content_type="application/x-www-form-urlencoded")
        assert response.status_code == 415

    @pytest.mark.parametrize("token", ["", "forged", "\x00", "\u0130"])
    def test_a_forged_token_is_refused(self, widget: Widget, visit: Visit, token: str) -> None:
        body = {"token": token, "events": [step_entered(visit.steps[0])]}
        response = widget.send(visit.session.id, body)
        assert response.status_code == 401
        assert response.json()["code"] == "SESSION_EXPIRED"

    def test_a_token_that_is_too_old_is_refused(self, widget: Widget, visit: Visit, settings: Any) -> None:
        settings.SESSION_TOKEN_HOURS = -1
        response = widget.send(visit.session.id, batch(visit, step_entered(visit.steps[0])))
        assert response.status_code == 401

    def test_another_sessions_token_writes_nothing(self, widget: Widget, visit: Visit) -> None:
        other = new_visit(widget.organization)
        response = widget.send(visit.session.id, batch(other, step_entered(visit.steps[0])))
        assert response.status_code == 404
        assert not BookingSessionEvent.objects.exists()

    def test_a_session_is_not_found_under_another_organization(self, widget: Widget, visit: Visit) -> None:
        claims = SessionClaims(session_id=visit.session.id, organization_id=OrganizationFactory.create().id)
        body = {"token": issue_session_token(claims), "events": [step_entered(visit.steps[0])]}
        response = widget.send(visit.session.id, body)
        assert response.status_code == 404
        assert response.json()["code"] == "NOT_FOUND"

    def test_late_events_are_welcome_and_change_nothing(self, widget: Widget, visit: Visit) -> None:
        visit.record(event_json("session_abandoned", reason="closed"))
        response = widget.send(visit.session.id, batch(visit, step_entered(visit.steps[0])))
        assert response.json() == {"accepted": 1, "duplicates": 0, "last_sequence": 2}
        visit.session.refresh_from_db()
        assert visit.session.status == "abandoned"
