"""Spans of a whole process, which is one of its own here: instrumentation cannot be taken back cleanly."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent
RECORD = """
import io, json, logging, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "scheduler_project.settings.local"
import django
django.setup()
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from apps.core import tracing
from apps.core.logs import PersonalDataFilter, RequestIdFilter

spans = InMemorySpanExporter()
tracing.start(endpoint="", exporter=spans)

lines = io.StringIO()
handler = logging.StreamHandler(lines)
handler.addFilter(RequestIdFilter())
handler.addFilter(PersonalDataFilter())
handler.setFormatter(logging.Formatter("{trace_id} {request_id}", style="{"))
logging.getLogger("seen").addHandler(handler)

from celery import current_app
from django.test import Client
from django.urls import path, re_path
from apps.core import wire
from apps.core.api.health import readyz

def answer(request):
    wire.run([("SELECT %s::text", ["ada@example.com"]), ("SELECT 3", [])])
    logging.getLogger("seen").warning("here")
    return readyz(request)

class urls:
    urlpatterns = [path("readyz", readyz), re_path("v1/.*", answer)]

sys.modules["tests_urls"] = urls
from django.conf import settings
settings.ROOT_URLCONF = "tests_urls"
client = Client()
client.get("/readyz", headers={"X-Request-Id": "abcdefgh"})
client.get("/v1/bookings/manage/s3cr3t-token?email=ada@example.com", headers={"X-Request-Id": "ijklmnop"})
current_app.send_task("tests.nothing", ignore_result=True)

print(json.dumps({
    "lines": lines.getvalue().split(),
    "spans": [
        {"name": span.name, "trace": f"{span.context.trace_id:032x}", "attributes": dict(span.attributes)}
        for span in spans.get_finished_spans()
    ],
}, default=str))
"""
OFF = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "scheduler_project.settings.local"
import django
django.setup()
# redis-py looks by itself whether OpenTelemetry's metrics are there.
ours = ("opentelemetry.instrumentation", "opentelemetry.exporter", "opentelemetry.sdk.trace")
print(sorted(name for name in sys.modules if name.startswith(ours)))
"""


def run(code: str, **environment: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "CELERY_BROKER_URL": "memory://", "REDIS_URL": settings.REDIS_URL, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def recorded() -> Any:
    return json.loads(run(RECORD))


def test_off_it_is_not_even_imported() -> None:
    assert run(OFF) == "[]"


class TestSpans:
    def named(self, recorded: Any, start: str) -> list[Any]:
        return [span for span in recorded["spans"] if span["name"].startswith(start)]

    def test_a_request_its_statements_and_its_calls_to_redis_are_one_trace(self, recorded: Any) -> None:
        (request,) = self.named(recorded, "GET readyz")
        statements = [
            span for span in recorded["spans"] if span["attributes"].get("db.statement") == "SELECT 1"
        ]
        calls = self.named(recorded, "GET")

        assert request["attributes"]["request_id"] == "abcdefgh"
        assert request["trace"] in [span["trace"] for span in statements]
        assert request["trace"] in [span["trace"] for span in calls if span is not request]

    def test_statements_that_go_together_are_one_span(self, recorded: Any) -> None:
        (trip,) = self.named(recorded, "round trip")

        assert trip["attributes"]["db.statement"] == "SELECT %s::text;\nSELECT 3"
        assert trip["trace"] == recorded["lines"][0]  # that of the request which asked

    def test_a_task_that_is_sent_has_one(self, recorded: Any) -> None:
        assert self.named(recorded, "apply_async/tests.nothing")

    def test_log_lines_name_the_trace(self, recorded: Any) -> None:
        trace, request_id = recorded["lines"]

        assert request_id == "ijklmnop"
        assert trace in {span["trace"] for span in recorded["spans"]}

    def test_nothing_secret_or_personal_is_sent(self, recorded: Any) -> None:
        sent = json.dumps(recorded["spans"])

        assert "s3cr3t" not in sent
        assert "ada@example.com" not in sent
        assert "/v1/bookings/manage/[token]" in sent
