"""Spans of requests, statements, tasks and calls to Redis, where a collector is named; else not imported.

OTEL_EXPORTER_OTLP_ENDPOINT turns it on; the other variables of OpenTelemetry (OTEL_SERVICE_NAME,
OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, …) mean what they always do. Statements are recorded with
their placeholders, never with values, and addresses without secrets.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

SERVICE_NAME = "wrkbelt-scheduler"
# Where the instrumentation, old or new, writes the address that was asked for.
ADDRESSES = ("http.url", "http.target", "url.full", "url.path", "url.query")
_read_trace_id: Callable[[], str] | None = None


def current_trace_id() -> str:
    """The id of the trace that is being recorded; empty where none is."""
    return "" if _read_trace_id is None else _read_trace_id()


def start(*, endpoint: str, exporter: "SpanExporter | None" = None) -> None:
    """Record spans from here on and send them to the collector (or to this exporter).

    Call it once a process, after the settings are read and before the first request. Needs the packages of
    the extra `tracing`.
    """
    global _read_trace_id  # noqa: PLW0603  (tracing is of the whole process)
    from opentelemetry import trace
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
    from opentelemetry.instrumentation.redis import RedisInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

    from apps.core import wire  # it wants the settings

    provider = TracerProvider(resource=Resource.create({"service.name": _service_name()}))
    processor = (
        BatchSpanProcessor(_otlp_exporter(endpoint)) if exporter is None else SimpleSpanProcessor(exporter)
    )
    provider.add_span_processor(processor)
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument(response_hook=_finish)
    PsycopgInstrumentor().instrument()
    RedisInstrumentor().instrument()
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]  # untyped there

    wire.watch = lambda statements: trace.get_tracer(__name__).start_as_current_span(
        "round trip",
        kind=trace.SpanKind.CLIENT,
        attributes={"db.system": "postgresql", "db.statement": ";\n".join(text for text, _ in statements)},
    )

    def read() -> str:
        context = trace.get_current_span().get_span_context()
        return trace.format_trace_id(context.trace_id) if context.is_valid else ""

    _read_trace_id = read


def _otlp_exporter(endpoint: str) -> "SpanExporter":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")


def _service_name() -> str:
    import os

    return os.environ.get("OTEL_SERVICE_NAME") or SERVICE_NAME


def _finish(span: "Span", request: "HttpRequest", response: Any) -> None:  # noqa: ARG001  (the hook's signature)
    """Name the request as our logs do, and blank what its address must not tell."""
    from apps.core.logs import mask_personal_data

    if not span.is_recording():
        return
    request_id = response.headers.get("X-Request-Id") if response is not None else None
    if request_id:
        span.set_attribute("request_id", request_id)
    attributes = getattr(span, "attributes", None) or {}
    for name in ADDRESSES:
        if name in attributes:
            span.set_attribute(name, mask_personal_data(str(attributes[name])))
