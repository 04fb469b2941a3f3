from uuid import uuid4

import pytest

from apps.core.tokens import SessionClaims, issue_session_token
from tests.factories.organizations import ApiKeyFactory
from tests.factories.sessions import (
    Visit,
    abandoned,
    event_json,
    new_visit,
    step_completed,
    step_entered,
    timeslot_selected,
)
from tests.sessions.support import Widget


@pytest.fixture
def visit(widget: Widget) -> Visit:
    return new_visit(widget.organization)


class TestGetSession:
    def test_a_reloaded_page_gets_all_that_it_needs_to_go_on(self, widget: Widget, visit: Visit) -> None:
        question, answer, service = uuid4(), uuid4(), uuid4()
        visit.record(
            step_entered(visit.steps[0]),
            step_completed(visit.steps[0]),
            event_json("field_updated", field="zip", valid=True),
            step_entered(visit.steps[1]),
            event_json("question_answered", question_node_id=question, answer_node_id=answer),
            event_json("service_selected", service_id=service, node_id=answer),
            timeslot_selected(),
        )
        response = widget.read(visit.session.id, token=visit.token)
        assert response.status_code == 200
        assert response.json() == {
            "id": str(visit.session.id),
            "status": "active",
            "config_id": None,
            "flow_version_id": str(visit.version.id),
            "current_step_id": str(visit.steps[1]),
            "form_data": {"zip": True},
            "navigation": {
                "history": [str(visit.steps[0]), str(visit.steps[1])],
                "direction": "forward",
            },
            "service_selection_path": [{"question_node_id": str(question), "answer_node_id": str(answer)}],
            "completed_step_ids": [str(visit.steps[0])],
            "selections": {
                "service_id": str(service),
                "timeslot": {"start_at": "2030-01-15T16:00:00Z", "end_at": "2030-01-15T17:30:00Z"},
            },
            "booking_id": None,
            "last_activity_at": "2030-01-14T15:00:00Z",
            "last_sequence": 7,
        }
        assert response["Cache-Control"] == "no-store"

    def test_a_finished_session_says_what_it_ended_with(self, widget: Widget, visit: Visit) -> None:
        visit.record(timeslot_selected(), abandoned())
        answer = widget.read(visit.session.id, token=visit.token).json()
        assert answer["status"] == "abandoned"
        assert answer["selections"]["timeslot"]["start_at"] == "2030-01-15T16:00:00Z"

    @pytest.mark.parametrize("token", [None, "", "forged", "a:b:c", "é" * 10])
    def test_without_a_good_token_it_is_refused(
        self, widget: Widget, visit: Visit, token: str | None
    ) -> None:
        response = widget.read(visit.session.id, token=token)
        assert response.status_code == 401
        assert response.json()["code"] == "SESSION_EXPIRED"

    def test_a_token_that_is_too_old_is_refused(self, widget: Widget, visit: Visit, settings: object) -> None:
        settings.SESSION_TOKEN_HOURS = -1  # type: ignore[attr-defined]  # pytest-django's settings
        response = widget.read(visit.session.id, token=visit.token)
        assert response.status_code == 401

    def test_another_sessions_token_opens_nothing(self, widget: Widget, visit: Visit) -> None:
        other = new_visit(widget.organization)
        response = widget.read(visit.session.id, token=other.token)
        assert response.status_code == 404
        assert response.json()["code"] == "NOT_FOUND"

    def test_another_businesss_key_does_not_fit_the_token(self, visit: Visit) -> None:
        stranger = Widget(api_key=ApiKeyFactory.create())
        response = stranger.read(visit.session.id, token=visit.token)
        assert response.status_code == 401
        assert response.json()["code"] == "SESSION_EXPIRED"

    def test_a_session_that_does_not_exist_is_not_found(self, widget: Widget) -> None:
        claims = SessionClaims(session_id=uuid4(), organization_id=widget.organization.id)
        response = widget.read(claims.session_id, token=issue_session_token(claims))
        assert response.status_code == 404
