"""The addresses that belong to no app: health, schema, documentation."""

import re

import pytest
from django.core.management import call_command
from django.test import Client


class TestHealth:
    def test_the_process_lives(self, client: Client) -> None:
        assert client.get("/healthz").json() == {"status": "ok"}

    @pytest.mark.django_db
    def test_it_is_ready_when_postgresql_answers(self, client: Client) -> None:
        response = client.get("/readyz")

        assert response.status_code == 200
        assert response.json()["checks"] == {"database": True, "redis": True}


@pytest.mark.django_db
class TestDocumentation:
    def test_the_page_loads_nothing_from_elsewhere(self, client: Client) -> None:
        page = client.get("/docs").content.decode()

        assert "swagger" in page
        assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]+"', page) == []

    def test_the_schema_names_every_public_operation(self, client: Client) -> None:
        schema = client.get("/schema", headers={"Accept": "application/json"}).json()

        assert {
            "/v1/bookings",
            "/v1/bookings/{booking_id}/confirm",
            "/v1/dates",
            "/v1/holds",
            "/v1/scheduler/date-timeslots",
            "/v1/scheduler/month-availability",
            "/v1/slots",
        } <= schema["paths"].keys()
        operation = schema["paths"]["/v1/bookings"]["post"]
        assert {"Idempotency-Key", "X-Session-Token"} <= {p["name"] for p in operation["parameters"]}
        assert "application/problem+json" in operation["responses"]["409"]["content"]


def test_the_schema_is_valid_and_complete_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn")

    assert "openapi: 3.1.0" in capsys.readouterr().out
