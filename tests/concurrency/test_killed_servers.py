"""A server process dies at any point of a hold or a confirm, and answers are lost on their way.

What was acknowledged is there; what was not is there once or not at all, and a retry tells which. By
default a few rounds; WRKBELT_KILLS=50 and WRKBELT_RETRIES=2000 take the long look.
"""

import http.client
import json
import logging
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.availability.models import CalendarEvent, SlotInstance
from apps.bookings.commands.expire_holds import expire_holds
from apps.bookings.models import Booking, Hold
from apps.core.clock import app_now
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from apps.core.models import IdempotencyRecord
from apps.core.tokens import SessionClaims, issue_session_token
from tests.factories.availability import TEN_O_CLOCK, PersonFactory, SlotFactory
from tests.factories.organizations import ApiKeyFactory
from tests.granian import Fleet
from tests.widget_client import ORIGIN

logger = logging.getLogger(__name__)

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not os.path.exists("/proc"), reason="finds the workers in /proc"),  # noqa: PTH110
]

KILLS = int(os.environ.get("WRKBELT_KILLS", "3"))
RETRIES = int(os.environ.get("WRKBELT_RETRIES", "60"))
VISITORS = 8
PATIENCE_SECONDS = 60.0


@dataclass
class Street:
    """A business with enough slots for everybody, and the server that sells them."""

    ports: list[int]
    key: str
    slots: list[SlotInstance]
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next_slot(self) -> str:
        """The id of one that nobody has asked for yet."""
        with self._lock:
            return str(self.slots.pop().id)

    def headers(self) -> dict[str, str]:
        """Those of somebody who has just come."""
        claims = SessionClaims(new_id(), self.slots[0].organization_id)
        return {"X-Api-Key": self.key, "X-Session-Token": issue_session_token(claims), "Origin": ORIGIN}

    def post(self, path: str, body: dict[str, Any], headers: dict[str, str], *, drop: bool = False) -> Any:
        """The answer's status, JSON and headers; None if it is lost (also because we hang up: `drop`)."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            port = random.choice(self.ports)  # noqa: S311  (no secret)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            try:
                connection.connect()
                break
            except OSError as error:  # nobody has heard of it: as a load balancer, ask the other one
                if time.monotonic() > deadline:
                    raise AssertionError("no server comes back") from error
                time.sleep(0.02)
        try:
            connection.request(
                "POST", path, json.dumps(body), {**headers, "Content-Type": "application/json"}
            )
            if drop:
                return None
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        else:
            return answer.status, json.loads(text), dict(answer.getheaders())
        finally:
            connection.close()

    def insist(
        self, path: str, body: dict[str, Any], headers: dict[str, str], *, key: str | None = None
    ) -> Any:
        """Try with the same key until there is an answer, as the widget does."""
        headers = {**headers, "Idempotency-Key": key or str(uuid4())}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = self.post(path, body, headers)
            # Its first try may still be under way in a process whose client was cut off.
            if answer is not None and answer[1].get("code") != "IDEMPOTENCY_IN_PROGRESS":
                return answer
            time.sleep(0.05)
        raise AssertionError(f"nobody answers: {answer}")


@pytest.fixture
def street() -> Any:
    """Twelve people with a hundred slots each."""
    first = PersonFactory.create()
    people = [first, *(PersonFactory.create(location=first.location) for _ in range(11))]
    made = [
        SlotFactory.build(
            resource=person,
            location=first.location,
            organization=first.organization,
            start_at=TEN_O_CLOCK + timedelta(days=day, minutes=30 * number),
            date=(TEN_O_CLOCK + timedelta(days=day)).date(),
        )
        for person in people
        for day in range(1, 31)
        for number in range(14)
    ]
    slots = SlotInstance.objects.bulk_create(made)
    random.shuffle(slots)
    key = ApiKeyFactory.create(organization=first.organization)
    with Fleet() as fleet:
        yield fleet, Street([server.port for server in fleet.servers], key.publishable_token, slots)


def customer(number: int) -> dict[str, str]:
    return {"name": "Grace Hopper", "phone": f"+1303{2_000_000 + number}"}


@dataclass
class Visitors:
    """They hold and confirm one visit after the other, until it is over."""

    shop: Street
    acknowledged: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def visit(self, number: int) -> Counter[str]:
        """One of them; what became of their visits."""
        seen: Counter[str] = Counter()
        try:
            for visit in range(10_000):
                if self.over.is_set():
                    break
                seen[self._book(customer(number * 10_000 + visit))] += 1
        finally:
            self.over.set()  # nobody waits for somebody who has failed
        return seen

    def _book(self, who: dict[str, str]) -> str:
        headers = {**self.shop.headers(), "Idempotency-Key": str(uuid4())}
        held = self.shop.post("/v1/bookings", {"slot_id": self.shop.next_slot(), "customer": who}, headers)
        if held is None:  # this one gives up: the hold, if there is one, must run out
            time.sleep(0.1)
            return "hold lost"
        assert held[0] == 201, held
        key, path = str(uuid4()), f"/v1/bookings/{held[1]['id']}/confirm"
        done = self.shop.post(path, {}, headers | {"Idempotency-Key": key})
        outcome = "confirmed" if done else "confirm lost, and confirmed by asking again"
        if done is None:
            done = self.shop.insist(path, {}, headers, key=key)
        assert done[0] == 200, done
        self.acknowledged.append(held[1]["id"])
        return outcome

    def kill(self, fleet: Fleet) -> int:
        """Kill servers at random moments under load; a new one needs its time to come."""
        chance, killed = random.Random(), 0  # noqa: S311  (no secret)
        while killed < KILLS and not self.over.is_set():
            enough = len(self.acknowledged) + chance.randint(1, 2 * VISITORS)
            while len(self.acknowledged) < enough and not self.over.is_set():
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.1))
            killed += fleet.kill_one(chance.randrange(2))
        self.over.set()
        return killed


class TestKilledServers:
    def test_what_was_acknowledged_is_there_and_nothing_else_stays(
        self, street: tuple[Fleet, Street], set_now: Callable[[datetime], None]
    ) -> None:
        fleet, shop = street
        visitors = Visitors(shop)

        with ThreadPoolExecutor(VISITORS + 1) as pool:
            kills = pool.submit(visitors.kill, fleet)
            seen = sum(pool.map(visitors.visit, range(VISITORS)), Counter())
        assert kills.result() == KILLS

        acknowledged = visitors.acknowledged
        logger.info("%d kills: %s", KILLS, dict(seen))
        assert len(set(acknowledged)) == len(acknowledged) > 0
        confirmed = Booking.objects.filter(status="confirmed", id__in=acknowledged)
        assert confirmed.count() == len(acknowledged)
        assert list(find_violations()) == []

        set_now(app_now() + timedelta(hours=1))
        expire_holds()
        assert not Hold.objects.filter(status="active").exists()
        assert not CalendarEvent.objects.filter(type="hold", active=True).exists()
        assert set(Booking.objects.values_list("status", flat=True)) <= {"confirmed", "expired"}
        assert list(find_violations()) == []


class TestRetries:
    def test_one_effect_a_key_and_the_same_answer_to_all(self, street: tuple[Fleet, Street]) -> None:
        """One in five is sent twice at once, one in five hangs up before the answer; all ask again."""
        _, shop = street

        def key_of(number: int) -> Counter[str]:
            chance = random.Random(number)  # noqa: S311  (no secret)
            kind = chance.choices(["once", "twice", "dropped"], [60, 20, 20])[0]
            seen: Counter[str] = Counter([kind])
            headers = {**shop.headers(), "Idempotency-Key": str(uuid4())}
            wanted = {"slot_id": shop.next_slot(), "customer": customer(number)}
            with ThreadPoolExecutor(2) as pair:
                first = list(
                    pair.map(
                        lambda _: shop.post("/v1/bookings", wanted, headers, drop=kind == "dropped"),
                        range(2 if kind == "twice" else 1),
                    )
                )
            codes = {answer[1].get("code") for answer in first if answer and answer[0] != 201}
            assert codes <= {"IDEMPOTENCY_IN_PROGRESS"}, first
            seen["told to wait"] += bool(codes)

            again = shop.insist("/v1/bookings", wanted, headers, key=headers["Idempotency-Key"])
            assert again[0] == 201, again
            assert all(one[1] == again[1] for one in first if one and one[0] == 201)
            seen["replayed"] += "idempotent-replayed" in {name.lower() for name in again[2]}
            done = shop.insist(f"/v1/bookings/{again[1]['id']}/confirm", {}, headers)
            assert done[0] == 200, done
            return seen

        with ThreadPoolExecutor(VISITORS) as pool:
            seen = sum(pool.map(key_of, range(RETRIES)), Counter())

        logger.info("%d keys: %s", RETRIES, dict(seen))
        assert Booking.objects.filter(status="confirmed").count() == Booking.objects.count() == RETRIES
        assert Hold.objects.count() == RETRIES
        assert IdempotencyRecord.objects.count() == 2 * RETRIES
        assert list(find_violations()) == []
