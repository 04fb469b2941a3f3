"""`/metrics`: what has been counted, in the text format of Prometheus."""

from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from apps.core import metrics
from apps.core.addresses import came_through_strangers, client_address, within

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Family = CounterMetricFamily | HistogramMetricFamily | GaugeMetricFamily
Render = Callable[["metrics.Metric", metrics.Totals], Family]


def metrics_page(request: HttpRequest) -> HttpResponse:
    """Everything of all processes: ask the service once, not each of its processes."""
    if not _may_read(request):
        return HttpResponse(
            "Not for you: see METRICS_ALLOWED and METRICS_TOKEN.\n",
            status=HTTPStatus.FORBIDDEN,
            content_type="text/plain; charset=utf-8",
        )
    registry = CollectorRegistry()
    registry.register(Everything())
    return HttpResponse(
        generate_latest(registry), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"}
    )


def _may_read(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return True
    # A proxy that nobody told us of would make everybody look like a neighbour.
    return not came_through_strangers(request) and within(client_address(request), settings.METRICS_ALLOWED)


class Everything(Collector):
    """All counters and histograms as Redis has them, and what is asked of the database at this moment."""

    def collect(self) -> Iterator[Family]:
        """The families, in the order of their names."""
        totals, redis_answers = metrics.totals()
        for name in sorted(metrics.REGISTRY):
            metric = metrics.REGISTRY[name]
            of_it = {key: value for key, value in totals.items() if key[0] == name}
            yield (
                _histogram(metric, of_it)
                if isinstance(metric, metrics.Histogram)
                else _counter(metric, of_it)
            )
        yield GaugeMetricFamily(
            "redis_up", "Whether Redis answers: without it caches and limits pause.", float(redis_answers)
        )
        yield from _outbox()


def _counter(metric: metrics.Metric, totals: metrics.Totals) -> CounterMetricFamily:
    family = CounterMetricFamily(metric.name, metric.help_text, labels=metric.labels)
    if not metric.labels and not totals:
        family.add_metric([], 0)
    for (_, labels, _part), value in sorted(totals.items()):
        family.add_metric(list(labels), value)
    return family


def _histogram(metric: metrics.Histogram, totals: metrics.Totals) -> HistogramMetricFamily:
    family = HistogramMetricFamily(metric.name, metric.help_text, labels=metric.labels)
    seen = sorted({labels for _, labels, _ in totals})
    for labels in seen if metric.labels else [()]:
        parts = {part: value for (_, own, part), value in totals.items() if own == labels}
        family.add_metric(list(labels), list(_cumulated(metric.parts, parts)), parts.get(metrics.SUM, 0))
    return family


def _cumulated(bounds: Iterable[str], parts: dict[str, float]) -> Iterator[tuple[str, float]]:
    so_far = 0.0
    for bound in bounds:
        so_far += parts.get(bound, 0)
        yield bound, so_far


def _outbox() -> Iterator[Family]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), coalesce(extract(epoch FROM app_now() - min(available_at)), 0)"
                " FROM core_outboxmessage WHERE relayed_at IS NULL AND available_at <= app_now()"
            )
            waiting, lag = cursor.fetchone()
    except DatabaseError:
        return
    yield GaugeMetricFamily("outbox_waiting", "Messages that are due and not delivered.", float(waiting))
    yield GaugeMetricFamily("outbox_lag_seconds", "How long the oldest of them has been due.", float(lag))
