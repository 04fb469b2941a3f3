"""What became of holds and bookings is counted once it is committed and delivered."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.availability.errors import SlotFull
from apps.bookings import measures
from apps.core import metrics
from apps.core.outbox import relay_batch
from tests.bookings.support import book, hold
from tests.factories.availability import SlotFactory
from tests.redis_server import RedisServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_redis(settings: Any) -> Iterator[None]:
    with RedisServer() as server:
        settings.REDIS_URL = server.url
        metrics._pending.clear()
        yield


def counted(metric: metrics.Metric, *labels: str, part: str = "") -> float:
    return metrics.totals()[0].get((metric.name, labels, part), 0)


def test_holds_bookings_and_conversions_are_counted() -> None:
    hold(SlotFactory.create())
    book(SlotFactory.create())
    while relay_batch():
        pass

    assert counted(measures.HOLDS, "placed") == 2
    assert counted(measures.BOOKINGS, "created") == 2
    assert counted(measures.BOOKINGS, "confirmed") == 1


def test_the_time_from_hold_to_confirmation_is_measured() -> None:
    book(SlotFactory.create())
    while relay_batch():
        pass

    counts = [counted(measures.HOLD_TO_CONFIRM, part=part) for part in measures.HOLD_TO_CONFIRM.parts]
    assert sum(counts) == 1
    assert counted(measures.HOLD_TO_CONFIRM, part=metrics.SUM) >= 0


def test_what_is_rolled_back_is_not_counted() -> None:
    slot = SlotFactory.create(capacity=1)
    hold(slot)
    with pytest.raises(SlotFull):
        hold(slot)
    while relay_batch():
        pass

    assert counted(measures.HOLDS, "placed") == 1
