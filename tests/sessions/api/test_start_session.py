from typing import Any

import pytest

from apps.core.tokens import verify_session_token
from apps.flows.models import FlowVersion
from apps.organizations.models import Organization
from apps.sessions.models import BookingSession
from tests.factories.flows import SchedulerConfigFactory, whole_flow
from tests.sessions.support import Widget

CONTEXT = {
    "url": "https://www.example.com/book?utm_source=news&email=ada@example.com",
    "referrer": "https://search.example.com/?q=plumber",
    "utm": {"source": "news"},
    "device": "phone",
    "language": "en-US",
    "timezone": "America/Denver",
}


def published(organization: Organization) -> FlowVersion:
    return whole_flow(organization).publish()


def body_for(version: FlowVersion, **changes: Any) -> dict[str, Any]:
    return {"config_id": None, "flow_version_id": str(version.id), "context": CONTEXT, **changes}


class TestStartSession:
    def test_answers_with_the_id_and_a_token(self, widget: Widget) -> None:
        config = SchedulerConfigFactory.create(organization=widget.organization)
        version = published(widget.organization)
        response = widget.start(body_for(version, config_id=str(config.id)))
        assert response.status_code == 201
        answer = response.json()
        assert set(answer) == {"id", "token", "expires_at", "last_sequence"}
        assert answer["last_sequence"] == 0
        assert answer["expires_at"] == "2030-01-15T15:00:00Z"
        assert str(verify_session_token(answer["token"]).session_id) == answer["id"]
        assert response["Cache-Control"] == "no-store"

    def test_stores_nothing_that_may_name_a_person(self, widget: Widget) -> None:
        widget.start(body_for(published(widget.organization)))
        context = BookingSession.objects.get().session_context
        assert context["url"] == "https://www.example.com/book?utm_source=news"
        assert context["referrer"] == "https://search.example.com/"

    def test_a_flow_version_of_another_business_is_refused(self, widget: Widget) -> None:
        response = widget.start(body_for(whole_flow().publish()))
        assert response.status_code == 400
        assert response.json()["code"] == "VALIDATION_ERROR"
        assert set(response.json()["errors"]) == {"flow_version_id"}

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"flow_version_id": "one"}, "flow_version_id"),
            ({"flow_version_id": None}, "flow_version_id"),
            ({"config_id": 7}, "config_id"),
            ({"config_id": "0190f3a5-0000-7000-8000-000000000001"}, "config_id"),
            ({"customer": {"name": "Ada"}}, "customer"),
            ({"context": []}, "context"),
            ({"context": {"device": "watch"}}, "context.device"),
            ({"context": {"name": "Ada"}}, "context.name"),
            ({"context": {"language": "en\x00"}}, "context.language"),
            ({"context": {"timezone": "x" * 65}}, "context.timezone"),
            ({"context": {"utm": {"source": "x" * 201}}}, "context.utm.source"),
            ({"context": {"utm": {"gclid": "1"}}}, "context.utm.gclid"),
        ],
        ids=str,
    )
    def test_bad_input_is_named_by_its_place(
        self, widget: Widget, change: dict[str, Any], place: str
    ) -> None:
        response = widget.start(body_for(published(widget.organization), **change))
        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "VALIDATION_ERROR"
        assert set(response.json()["errors"]) == {place}
        assert not BookingSession.objects.exists()

    @pytest.mark.parametrize("body", [[], "x", 1, None], ids=str)
    def test_a_body_that_is_no_object_is_refused(self, widget: Widget, body: Any) -> None:
        response = widget.start(body)
        assert response.status_code == 400
        assert set(response.json()["errors"]) == {"body"}

    def test_needs_an_api_key(self, widget: Widget) -> None:
        response = widget.client.post("/v1/sessions", data={}, content_type="application/json")
        assert response.status_code == 401
        assert response.json()["code"] == "INVALID_API_KEY"

    def test_a_strangers_site_may_not_use_the_key(self, widget: Widget) -> None:
        response = widget.start({}, Origin="https://evil.example.com")
        assert response.status_code == 403
        assert response.json()["code"] == "ORIGIN_NOT_ALLOWED"
