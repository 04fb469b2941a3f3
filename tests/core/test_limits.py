"""Never more than the limit in any window, however many ask at once; and without Redis nobody is refused."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from apps.core import limits, metrics, soft_redis
from apps.core.limits import Counted, Verdict, take
from tests.redis_server import RedisServer


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with RedisServer() as running:
        yield running


@pytest.fixture(autouse=True)
def own_redis(server: RedisServer, settings: Any) -> Iterator[None]:
    settings.REDIS_URL = server.url
    soft_redis.LINK.call("FLUSHALL")
    yield
    soft_redis.BREAKER.works()


def ask(*counted: tuple[str, int], seconds: int = 60) -> Verdict:
    verdict = take("TESTS", [Counted(*each) for each in counted], seconds=seconds)
    assert verdict is not None
    return verdict


class TestCounting:
    def test_lets_exactly_the_limit_through(self) -> None:
        verdicts = [ask(("ip:a", 3)) for _ in range(5)]

        assert [v.allowed for v in verdicts] == [True, True, True, False, False]
        assert [v.remaining for v in verdicts] == [2, 1, 0, 0, 0]
        assert {v.limit for v in verdicts} == {3}

    @pytest.mark.parametrize("limit", [1, 10, 49])
    def test_of_fifty_at_once_exactly_the_limit_pass(self, limit: int) -> None:
        barrier = Barrier(50)

        def one(_: int) -> bool:
            barrier.wait(timeout=30)
            return ask(("ip:crowd", limit), (f"session:crowd-{limit}", 60)).allowed

        with ThreadPoolExecutor(max_workers=50) as pool:
            passed = list(pool.map(one, range(50)))

        assert passed.count(True) == limit

    def test_says_how_long_to_wait(self) -> None:
        ask(("ip:a", 1), seconds=30)

        refused = ask(("ip:a", 1), seconds=30)

        assert not refused.allowed
        assert refused.retry_after == refused.reset_after == 30

    def test_who_waits_as_told_gets_through(self) -> None:
        for _ in range(2):
            ask(("ip:a", 2), seconds=1)
        wait = ask(("ip:a", 2), seconds=1).retry_after

        time.sleep(wait)

        assert ask(("ip:a", 2), seconds=1).allowed

    def test_the_window_slides(self) -> None:
        """No two halves of two fixed windows make one full of twice as many."""
        ask(("ip:a", 2), seconds=1)
        time.sleep(0.6)
        ask(("ip:a", 2), seconds=1)
        time.sleep(0.5)

        assert [ask(("ip:a", 2), seconds=1).allowed for _ in range(2)] == [True, False]

    def test_a_refusal_costs_nothing(self) -> None:
        ask(("ip:a", 1), ("session:s", 5))
        for _ in range(10):
            ask(("ip:a", 1), ("session:s", 5))

        assert ask(("session:s", 5)).remaining == 3

    def test_a_new_session_does_not_buy_more(self) -> None:
        verdicts = [ask(("ip:a", 3), (f"session:{number}", 3)) for number in range(4)]

        assert [v.allowed for v in verdicts] == [True, True, True, False]

    def test_neither_does_a_new_address(self) -> None:
        verdicts = [ask((f"ip:{number}", 3), ("session:s", 3)) for number in range(4)]

        assert [v.allowed for v in verdicts] == [True, True, True, False]

    def test_kinds_do_not_count_together(self) -> None:
        ask(("ip:a", 1))

        assert take("OTHERS", [Counted("ip:a", 1)], seconds=60) == Verdict(
            allowed=True, limit=1, remaining=0, reset_after=60, retry_after=0
        )

    def test_a_lowered_limit_holds_at_once(self) -> None:
        for _ in range(5):
            ask(("ip:a", 5))

        refused = ask(("ip:a", 2))

        assert not refused.allowed
        assert refused.retry_after == 60

    def test_nothing_is_left_behind(self) -> None:
        ask(("ip:a", 5), seconds=1)

        assert 0 < soft_redis.LINK.call("PTTL", "limit:TESTS:ip:a") <= 1000


class TestRedisAway:
    def test_everybody_gets_through_and_a_metric_says_so(self, settings: Any) -> None:
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        before = failed_open()

        assert take("TESTS", [Counted("ip:a", 0)], seconds=60) is None
        assert failed_open() == before + 1

    def test_known_to_be_away_it_costs_nothing(self, settings: Any) -> None:
        with RedisServer() as hanging:
            settings.REDIS_URL = hanging.url
            ask(("ip:a", 5))
            hanging.hang()

            first = seconds_of_one()
            rest = [seconds_of_one() for _ in range(100)]
            hanging.wake()

        assert first < 4 * soft_redis.TIMEOUT_SECONDS
        assert sum(rest) < soft_redis.TIMEOUT_SECONDS

    def test_limits_hold_again_once_it_is_back(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(soft_redis, "AWAY_SECONDS", 0.1)
        with RedisServer() as own:
            settings.REDIS_URL = own.url
            ask(("ip:a", 1))
            own.stop()
            assert take("TESTS", [Counted("ip:a", 1)], seconds=60) is None
            own.start()
            time.sleep(0.15)

            assert [ask(("ip:a", 1)).allowed for _ in range(2)] == [True, False]

    def test_a_restart_between_two_requests_is_not_even_noticed(self, settings: Any) -> None:
        with RedisServer() as own:
            settings.REDIS_URL = own.url
            ask(("ip:a", 5))
            own.stop()
            own.start()

            assert ask(("ip:a", 5)).allowed


class TestBreaker:
    def test_one_caller_tries_for_all(self) -> None:
        clock = [100.0]
        breaker = soft_redis.Breaker(clock=lambda: clock[0])
        breaker.failed(OSError())

        assert not breaker.may_try()
        clock[0] += soft_redis.AWAY_SECONDS
        assert [breaker.may_try() for _ in range(3)] == [True, False, False]
        breaker.works()
        assert [breaker.may_try() for _ in range(3)] == [True, True, True]


def failed_open() -> float:
    return metrics.totals()[0].get((limits.UNCOUNTED.name, (), ""), 0)


def seconds_of_one() -> float:
    began = time.perf_counter()
    assert take("TESTS", [Counted("ip:a", 5)], seconds=60) is None
    return time.perf_counter() - began
