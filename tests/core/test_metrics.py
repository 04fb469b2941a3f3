"""What is counted arrives, whoever counted it, and only those see it who may."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from apps.core import metrics, soft_redis
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.measures import REQUESTS
from apps.core.metrics import Counter, Histogram
from apps.core.models import OutboxMessage
from tests.core.test_commands import broken_deadlock
from tests.redis_server import RedisServer

pytestmark = pytest.mark.django_db

EGGS = Counter("tests_eggs", "Eggs.", ["colour"])
WAITS = Histogram("tests_waits_ms", "Waits.", bounds=[10, 100])


@pytest.fixture
def server(settings: Any) -> Iterator[RedisServer]:
    with RedisServer() as running:
        settings.REDIS_URL = running.url
        yield running
    soft_redis.BREAKER.works()


@pytest.fixture(autouse=True)
def nothing_counted(server: RedisServer) -> None:
    metrics._pending.clear()
    metrics._known.clear()


def samples(**headers: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """The page as Prometheus reads it."""
    text = Client().get("/metrics", headers=headers).content.decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class TestCounting:
    def test_counters_by_label(self) -> None:
        EGGS.count("white")
        EGGS.count("brown", by=3)
        EGGS.count("white")

        page = samples()

        assert page["tests_eggs_total", (("colour", "white"),)] == 2
        assert page["tests_eggs_total", (("colour", "brown"),)] == 3

    def test_histograms_are_cumulative(self) -> None:
        for value in (5, 10, 11, 5000):
            WAITS.observe(value)

        page = samples()

        buckets = [page["tests_waits_ms_bucket", (("le", le),)] for le in ("10.0", "100.0", "+Inf")]
        assert buckets == [2, 3, 4]
        assert page["tests_waits_ms_count", ()] == 4
        assert page["tests_waits_ms_sum", ()] == 5026

    def test_what_other_processes_counted_is_there_too(self) -> None:
        EGGS.count("white")
        metrics.flush()
        child = os.fork()
        if child == 0:
            EGGS.count("white", by=41)
            os._exit(0 if metrics.flush() else 1)
        _, status = os.waitpid(child, 0)

        assert status == 0
        assert samples()["tests_eggs_total", (("colour", "white"),)] == 42

    def test_a_child_does_not_send_what_its_parent_counted(self) -> None:
        EGGS.count("white")
        child = os.fork()
        if child == 0:
            os._exit(0 if metrics.flush() else 1)
        os.waitpid(child, 0)

        assert samples()["tests_eggs_total", (("colour", "white"),)] == 1

    def test_a_thread_sends_it_by_itself(self, settings: Any) -> None:
        child = os.fork()
        if child == 0:
            settings.METRICS_FLUSH_SECONDS = 0.01
            EGGS.count("white")
            deadline = time.monotonic() + 5
            while not soft_redis.LINK.call("HLEN", metrics.HASH) and time.monotonic() < deadline:
                time.sleep(0.01)
            os._exit(0)
        os.waitpid(child, 0)

        assert samples()["tests_eggs_total", (("colour", "white"),)] == 1


class TestRedisAway:
    def test_counting_goes_on_and_nothing_is_lost(
        self, server: RedisServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(soft_redis, "AWAY_SECONDS", 0.0)
        EGGS.count("white", by=100)
        assert samples()["tests_eggs_total", (("colour", "white"),)] == 100
        server.hang()
        EGGS.count("white", by=11)

        during = samples()
        server.wake()
        after = samples()

        # A counter that fell would look like a restart, and its coming back like a flood.
        assert during["tests_eggs_total", (("colour", "white"),)] == 111
        assert during["redis_up", ()] == 0
        assert after["redis_up", ()] == 1
        assert after["tests_eggs_total", (("colour", "white"),)] >= 111


class TestRequests:
    def test_are_measured_by_their_routes_template(self, client: Client) -> None:
        client.get("/v1/holds/01936570-1234-7123-9123-123456789012")
        client.get("/no/such/page")
        client.get("/healthz")

        page = samples()

        def count(route: str, status: str) -> float:
            labels = (("method", "GET"), ("route", route), ("status", status))
            return page.get((f"{REQUESTS.name}_count", labels), 0)

        assert count("v1/holds/<uuid:hold_id>", "401") == 1
        assert count("(none)", "404") == 1
        assert count("healthz", "200") == 1

    def test_a_made_up_method_makes_no_new_series(self, client: Client) -> None:
        client.generic("BREW", "/healthz")

        assert ("method", "OTHER") in {label for _, labels in samples() for label in labels}


class TestWhatHappened:
    def test_a_deadlock_that_was_run_again_is_counted(self) -> None:
        attempts: list[int] = []

        @command("tests.counted_deadlock")
        def run() -> None:
            attempts.append(1)
            if len(attempts) == 1:
                broken_deadlock()

        run()

        assert samples()["deadlock_retries_total", (("command", "tests.counted_deadlock"),)] == 1

    def test_the_outboxs_backlog_is_told(self) -> None:
        OutboxMessage.objects.create(name="tests", payload={}, created_at=app_now(), available_at=app_now())

        page = samples()

        assert page["outbox_waiting", ()] == 1
        assert page["outbox_lag_seconds", ()] == 0


class TestWhoMayRead:
    def ask(self, **parts: Any) -> int:
        return Client().get("/metrics", **parts).status_code

    def test_the_networks_that_are_named(self, settings: Any) -> None:
        settings.METRICS_ALLOWED = ["10.0.0.0/8"]

        assert self.ask(REMOTE_ADDR="10.1.2.3") == 200
        assert self.ask(REMOTE_ADDR="203.0.113.9") == 403

    def test_the_token(self, settings: Any) -> None:
        settings.METRICS_ALLOWED, settings.METRICS_TOKEN = [], "s3cret"

        assert self.ask(headers={"Authorization": "Bearer s3cret"}) == 200
        assert self.ask(headers={"Authorization": "Bearer other"}) == 403
        assert self.ask() == 403

    def test_nobody_where_nothing_is_set(self, settings: Any) -> None:
        settings.METRICS_ALLOWED, settings.METRICS_TOKEN = [], ""

        assert self.ask(headers={"Authorization": "Bearer "}) == 403

    def test_nobody_gets_in_behind_a_proxy_that_nobody_named(self, settings: Any) -> None:
        settings.METRICS_ALLOWED = ["10.0.0.0/8"]

        assert self.ask(REMOTE_ADDR="10.1.2.3", headers={"X-Forwarded-For": "203.0.113.9"}) == 403
        settings.TRUSTED_PROXIES = ["10.1.2.3"]
        assert self.ask(REMOTE_ADDR="10.1.2.3", headers={"X-Forwarded-For": "203.0.113.9"}) == 403
        assert self.ask(REMOTE_ADDR="10.1.2.3", headers={"X-Forwarded-For": "10.7.7.7"}) == 200
