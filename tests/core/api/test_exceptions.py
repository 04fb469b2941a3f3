"""Whatever goes wrong, a caller gets problem+json with a stable code."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions as drf

from apps.core.api.exceptions import as_domain_error, flatten_errors, problem_json, problem_of
from apps.core.context import request_id_scope
from apps.core.errors import DomainError, IdempotencyInProgress, InvalidInput, NotFound
from tests.factories.availability import SlotFactory
from tests.widget_client import WidgetClient, problem


class TestTranslation:
    @pytest.mark.parametrize(
        ("raised", "code"),
        [
            (drf.ParseError(), "MALFORMED_JSON"),
            (Http404(), "NOT_FOUND"),
            (drf.NotFound(), "NOT_FOUND"),
            (drf.NotAuthenticated(), "NOT_AUTHENTICATED"),
            (drf.AuthenticationFailed(), "NOT_AUTHENTICATED"),
            (PermissionDenied(), "NOT_PERMITTED"),
            (drf.PermissionDenied(), "NOT_PERMITTED"),
            (drf.MethodNotAllowed("PUT"), "METHOD_NOT_ALLOWED"),
            (drf.UnsupportedMediaType("text/plain"), "UNSUPPORTED_MEDIA_TYPE"),
            (drf.NotAcceptable(), "NOT_ACCEPTABLE"),
            (drf.Throttled(wait=0.2), "RATE_LIMITED"),
            (drf.ValidationError("no"), "VALIDATION_ERROR"),
            (NotFound(), "NOT_FOUND"),
        ],
    )
    def test_every_refusal_has_a_code(self, raised: Exception, code: str) -> None:
        error = as_domain_error(raised)

        assert error is not None
        assert error.code == code

    def test_the_status_of_a_refusal_is_that_of_its_framework_error(self) -> None:
        for raised in (drf.NotFound(), drf.MethodNotAllowed("PUT"), drf.Throttled(), drf.NotAcceptable()):
            error = as_domain_error(raised)
            assert error is not None
            assert int(error.status) == raised.status_code

    def test_a_bug_is_not_explained_away(self) -> None:
        assert problem_json(KeyError("x"), {}) is None

    def test_retry_after_is_a_header_in_whole_seconds_rounded_up(self) -> None:
        waited = problem_json(drf.Throttled(wait=1.2), {})
        twin = problem_json(IdempotencyInProgress(), {})

        assert waited is not None
        assert twin is not None
        assert (waited["Retry-After"], twin["Retry-After"]) == ("2", "1")

    def test_answers_are_never_cached(self) -> None:
        response = problem_json(NotFound(), {})

        assert response is not None
        assert response["Cache-Control"] == "no-store"

    def test_the_body_has_the_shape_of_rfc_9457_and_the_errors_own_data(self) -> None:
        with request_id_scope("abcdefgh"):
            body = problem_of(DomainError("Not now.", current="expired"))

        assert body == {
            "type": "about:blank",
            "title": "Conflict",
            "status": HTTPStatus.CONFLICT,
            "code": "DOMAIN_ERROR",
            "detail": "Not now.",
            "request_id": "abcdefgh",
            "current": "expired",
        }


class TestFlattenErrors:
    @pytest.mark.parametrize(
        ("detail", "flat"),
        [
            ({"name": ["Too short."]}, {"name": ["Too short."]}),
            ({"customer": {"phone": ["No."]}}, {"customer.phone": ["No."]}),
            ({"non_field_errors": ["Both."]}, {"body": ["Both."]}),
            ({"customer": {"non_field_errors": ["Both."]}}, {"customer": ["Both."]}),
            ({"events": [{}, {"id": ["No."]}]}, {"events[1].id": ["No."]}),
            (["No."], {"body": ["No."]}),
            ("No.", {"body": ["No."]}),
        ],
    )
    def test_names_each_field_by_its_path(self, detail: Any, flat: dict[str, list[str]]) -> None:
        assert flatten_errors(detail) == flat

    def test_is_what_a_validation_error_carries(self) -> None:
        error = as_domain_error(drf.ValidationError({"name": ["Too short."]}))

        assert isinstance(error, InvalidInput)
        assert error.data == {"errors": {"name": ["Too short."]}}


@pytest.mark.django_db
class TestOverHttp:
    @pytest.fixture
    def widget(self) -> WidgetClient:
        return WidgetClient(SlotFactory().organization)

    def test_malformed_json(self, widget: WidgetClient) -> None:
        assert problem(widget.post("/v1/holds", "{")) == (400, "MALFORMED_JSON")

    def test_not_a_number(self, widget: WidgetClient) -> None:
        assert problem(widget.post("/v1/holds", '{"party_size": NaN}')) == (400, "MALFORMED_JSON")

    def test_deep_nesting(self, widget: WidgetClient) -> None:
        assert problem(widget.post("/v1/holds", '{"a":' * 40_000)) == (400, "MALFORMED_JSON")

    def test_an_array_where_an_object_belongs(self, widget: WidgetClient) -> None:
        assert problem(widget.post("/v1/holds", "[]")) == (400, "VALIDATION_ERROR")

    def test_an_unknown_field(self, widget: WidgetClient) -> None:
        response = widget.post("/v1/holds", {"slot_id": str(uuid4()), "colour": "red"})

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert "colour" in response.json()["errors"]

    @pytest.mark.parametrize(
        ("text", "code"),
        [("\\u0000", "VALIDATION_ERROR"), ("\\ud800", "MALFORMED_JSON")],
        ids=["null", "lone surrogate"],
    )
    def test_text_that_postgresql_cannot_store(self, widget: WidgetClient, text: str, code: str) -> None:
        body = f'{{"slot_id": "{uuid4()}", "customer": {{"name": "{text}", "phone": "+13035550142"}}}}'

        assert problem(widget.post("/v1/bookings", body)) == (400, code)

    def test_a_huge_body(self, widget: WidgetClient) -> None:
        assert problem(widget.post("/v1/holds", '"' + "x" * 300_000 + '"')) == (413, "PAYLOAD_TOO_LARGE")

    def test_another_media_type(self, widget: WidgetClient) -> None:
        response = widget.client.post(
            "/v1/holds",
            "a=1",
            content_type="application/x-www-form-urlencoded",
            headers=widget.headers(**{"Idempotency-Key": str(uuid4())}),
        )

        assert problem(response) == (415, "UNSUPPORTED_MEDIA_TYPE")

    def test_another_method(self, widget: WidgetClient) -> None:
        response = widget.client.put("/v1/holds", headers=widget.headers())

        assert problem(response) == (405, "METHOD_NOT_ALLOWED")
        assert "POST" in response["Allow"]

    def test_an_answer_that_the_caller_would_not_read(self, widget: WidgetClient) -> None:
        assert problem(widget.get("/v1/slots", Accept="text/csv")) == (406, "NOT_ACCEPTABLE")

    def test_somebody_elses_id(self, widget: WidgetClient) -> None:
        assert problem(widget.get(f"/v1/holds/{uuid4()}")) == (404, "NOT_FOUND")

    @pytest.mark.parametrize("key", ["x" * 129, "ünï", "a\tb"])
    def test_a_strange_idempotency_key(self, widget: WidgetClient, key: str) -> None:
        assert problem(widget.post("/v1/holds", {}, key=key)) == (400, "VALIDATION_ERROR")
