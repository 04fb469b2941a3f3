"""Redis stops, hangs and comes back while customers book: nobody notices but the limits."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches

from apps.core import soft_redis
from apps.core.outbox import relay_batch
from tests.bookings.support import counters
from tests.factories.availability import SlotFactory
from tests.redis_server import RedisServer
from tests.widget_client import WidgetClient

pytestmark = pytest.mark.django_db(transaction=True)

ALLOWED_SECONDS = 1.0


@pytest.fixture
def server(settings: Any) -> Iterator[RedisServer]:
    """A Redis of this test's own for everything: limits, metrics, caches."""
    with RedisServer() as running:
        settings.REDIS_URL = running.url
        cache = {**settings.CACHES["default"], "LOCATION": running.url}
        settings.CACHES = {"default": cache}
        settings.RATE_LIMITS_ENABLED = True
        settings.RATE_LIMITS = {
            kind: {**parts, "PER_IP": 10_000, "PER_SESSION": 10_000}
            for kind, parts in settings.RATE_LIMITS.items()
        }
        yield running
        if running.is_running:
            caches["default"].clear()
    soft_redis.BREAKER.works()


class Customer:
    """Goes from the free times to a confirmed booking, and notes how long each answer took."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.answers: list[Any] = []

    def books(self) -> None:
        slot = SlotFactory.create()
        widget = WidgetClient(slot.organization)
        location = str(slot.location_id)
        self.see(lambda: widget.post("/v1/booking-flow-routers/resolve", {"url": "https://www.example.com/"}))
        self.see(lambda: widget.get("/v1/slots", {"location_id": location, "date": str(slot.date)}))
        held = self.see(lambda: widget.post("/v1/holds", {"slot_id": str(slot.id)}))
        customer = {"name": "Zelda Quuxworth", "phone": "+13035550142"}
        booked = self.see(
            lambda: widget.post("/v1/bookings", {"hold_id": held.json()["id"], "customer": customer})
        )
        confirmed = self.see(lambda: widget.post(f"/v1/bookings/{booked.json()['id']}/confirm"))
        assert confirmed.json()["status"] == "confirmed", confirmed.json()
        assert counters(slot)[0] == 1

    def see(self, ask: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        answer = ask()
        self.times.append(time.perf_counter() - began)
        self.answers.append(answer)
        return answer

    @property
    def was_limited(self) -> list[bool]:
        return ["RateLimit-Limit" in answer for answer in self.answers]


def after(prepare: Callable[[], object], *, usual: float = 0.0) -> Customer:
    """A customer's way after this has happened, on a machine whose usual answer takes so many seconds."""
    prepare()
    customer = Customer()
    customer.books()
    assert usual == 0.0 or max(customer.times) < ALLOWED_SECONDS + usual
    assert all(answer.status_code < 500 for answer in customer.answers)
    return customer


class TestRedisStops:
    def test_bookings_go_on_and_limits_come_back(
        self, server: RedisServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(soft_redis, "AWAY_SECONDS", 0.2)

        before = after(lambda: None)
        assert all(before.was_limited)
        assert not any(after(server.stop, usual=max(before.times)).was_limited)
        relay_batch()
        server.start()
        time.sleep(0.3)
        assert all(after(lambda: None).was_limited)

    def test_a_redis_that_hangs_costs_one_short_wait(self, server: RedisServer) -> None:
        before = after(lambda: None)

        customer = after(server.hang, usual=max(before.times))
        server.wake()

        assert not any(customer.was_limited)
