"""Holds and confirms over HTTP: spread over many slots against pgbench, and crowded onto one.

What a visitor sends is what the widget sends: `POST /v1/bookings` with a slot and a customer who has not been
here before, then `…/confirm`. Everything happens in a database of its own, which is empty at the beginning.
BENCHMARK_SECONDS=10 measures longer turns.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count, islice
from typing import Any
from uuid import UUID, uuid4

from benchmarks import harness, pgbench
from benchmarks.harness import Result, Sample
from benchmarks.visitors import Flow, Order, Step
from benchmarks.web import serving

ORIGIN = "https://www.example.com"
ZONE = "America/Denver"
PEOPLE = 40
DAYS = 90
CLIENTS = 8
CROWD = 50
# Whoever is interrupted by the end of a turn leaves a hold behind.
SEATS = 1000
ROUNDS = 4
SECONDS = int(os.environ.get("BENCHMARK_SECONDS", "2"))
# More than anybody can book in a second on two cores: of each turn's slots some are left over.
PAIRS_A_SECOND = 1200

_phones = count(2_000_000)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be booked."""

    id: UUID
    resource_id: UUID
    start_at: datetime
    end_at: datetime

    def spellings(self) -> Mapping[str, Sequence[str]]:
        """How its values stand in SQL."""
        return {
            "slot": [str(self.id)],
            "resource": [str(self.resource_id)],
            "start": pgbench.spellings(self.start_at),
            "end": pgbench.spellings(self.end_at),
        }


class Shop:
    """A business with many people, all of whose time is free, and one pool with a place for everybody."""

    def __init__(self) -> None:
        from apps.content.models import BookingService
        from apps.organizations.models import ApiKey, Organization, OrganizationPolicy

        self.organization = Organization.objects.create(name="Benchmark", slug="benchmark", timezone=ZONE)
        OrganizationPolicy.objects.create(organization=self.organization, horizon_days=DAYS)
        self.service = BookingService.objects.create(
            organization=self.organization, title="Visit", duration_minutes=30, price="129.00"
        )
        key = ApiKey(organization=self.organization, name="Benchmark", allowed_origins=[ORIGIN])
        self.key = key.set_new_token()
        key.save()
        self._place("People", "people", people=PEOPLE)
        crowded = self._place("Pool", "pool", people=0)
        from apps.availability.commands.generate_slots import generate_slots
        from apps.availability.models import SlotInstance

        generate_slots(organization=self.organization)
        slots = SlotInstance.objects.for_organization(self.organization).order_by("start_at", "id")
        listed = [
            (Slot(slot.id, slot.resource_id, slot.start_at, slot.end_at), slot.location_id)
            for slot in slots.filter(start_at__gt=datetime.now(UTC) + timedelta(days=2))
        ]
        self.free = iter([slot for slot, place in listed if place != crowded])
        self.crowded = next(slot for slot, place in listed if place == crowded)

    def _place(self, name: str, sells_from: str, *, people: int) -> UUID:
        from apps.availability.models import AvailabilityRule, Location, Resource

        location = Location.objects.create(
            organization=self.organization, name=name, timezone=ZONE, sells_from=sells_from
        )
        for number in range(people):
            Resource.objects.create(
                organization=self.organization, location=location, name=f"Person {number}"
            )
        if not people:
            Resource.objects.create(
                organization=self.organization, location=location, name="Pool", kind="pool", capacity=SEATS
            )
        AvailabilityRule.objects.create(
            organization=self.organization,
            location=location,
            days_of_week=[1, 2, 3, 4, 5, 6, 7],
            start_time=time(8),
            end_time=time(18),
            slot_granularity_minutes=30,
            slot_duration_minutes=30,
            slot_capacity=1 if people else SEATS,
        )
        return location.id

    def headers(self) -> dict[str, str]:
        """Those of a visitor who has just come."""
        from apps.core.ids import new_id
        from apps.core.tokens import SessionClaims, issue_session_token

        token = issue_session_token(SessionClaims(new_id(), self.organization.id))
        return {"X-Api-Key": self.key, "X-Session-Token": token, "Origin": ORIGIN}

    def booking(self, slot: Slot) -> Flow:
        """A visitor who books this slot."""
        number = next(_phones)
        body = {
            "slot_id": str(slot.id),
            "service_id": str(self.service.id),
            "customer": {
                "name": "Ada Lovelace",
                "phone": f"+1303{number}",
                "email": f"ada.{number}@example.com",
            },
        }
        return Flow(
            headers=self.headers(),
            steps=[
                Step(path="/v1/bookings", body=json.dumps(body)),
                Step(path="/v1/bookings/{id}/confirm", body="{}"),
            ],
        )

    def undecided(self, slot: Slot) -> Flow:
        """A visitor who holds this slot and gives it back."""
        body = {"slot_id": str(slot.id), "service_id": str(self.service.id)}
        return Flow(
            headers=self.headers(),
            steps=[
                Step(path="/v1/holds", body=json.dumps(body)),
                Step(path="/v1/holds/{id}/release", body="{}"),
            ],
        )

    def next_slots(self, wanted: int) -> list[Slot]:
        """Slots that nobody has asked for yet."""
        return list(islice(self.free, wanted))


def hold_confirm() -> Result:
    """Requests a second of eight visitors at a time, each of whom books a slot of their own."""
    with _shop() as (shop, name):
        script = _script_of_a_booking(shop)
        statements = script.count("\n;\n")
        pgbench.offer_slots(
            slot.spellings() for slot in shop.next_slots(2 * PAIRS_A_SECOND * SECONDS * (ROUNDS + 1))
        )
        with serving(environment={"BENCHMARK_DATABASE_NAME": name}) as server:

            def ours() -> Sample:
                slots = shop.next_slots(PAIRS_A_SECOND * SECONDS)
                flows = [shop.booking(slot) for slot in slots]
                return _send(server.port, flows, clients=CLIENTS)

            def baseline() -> Sample:
                return pgbench.run(script, clients=CLIENTS, seconds=SECONDS, requests=2)

            ours()  # every worker meets every statement
            baseline()
            base, our = harness.interleaved(baseline=baseline, ours=ours, rounds=ROUNDS)
        _ensure_sound()
    pairs = our.count / our.seconds / 2
    return harness.result(
        "hold_confirm",
        baseline=base,
        ours=our,
        unit="req/s",
        notes=[f"{pairs:,.0f} bookings held and confirmed a second; {statements} statements for each"],
    )


def hot_slot() -> Result:
    """Requests a second of fifty visitors who hold one slot and give it back, against eight who do."""
    with _shop() as (shop, name), serving(environment={"BENCHMARK_DATABASE_NAME": name}) as server:

        def crowd_of(clients: int) -> Sample:
            flows = [shop.undecided(shop.crowded) for _ in range(clients)]
            return _send(server.port, flows, clients=clients, endless=True)

        crowd_of(CLIENTS)
        eight, fifty = harness.interleaved(
            baseline=lambda: crowd_of(CLIENTS), ours=lambda: crowd_of(CROWD), rounds=ROUNDS
        )
        deadlocks = _deadlocks()
        _ensure_sound()
    return harness.result(
        "hot_slot",
        baseline=eight,
        ours=fifty,
        unit="req/s",
        notes=[f"{CROWD} visitors on one slot against {CLIENTS}; {deadlocks} deadlocks, no refusals"],
    )


@contextmanager
def _shop() -> Iterator[tuple[Shop, str]]:
    with harness.database_of_its_own("holds") as name:
        yield Shop(), name


def _script_of_a_booking(shop: Shop) -> str:
    """What one visitor's booking sends to PostgreSQL, the second time: the first has filled the caches."""
    for slot in shop.next_slots(2):
        statements = pgbench.recorded(lambda slot=slot: _book_here(shop.booking(slot)))  # type: ignore[misc]
    known = _static_ids(shop)
    return pgbench.script(statements, of_slot=slot.spellings(), known=known)


def _book_here(flow: Flow) -> None:
    """Run a flow in this process, with Django's client."""
    from django.test import Client

    client, found = Client(), ""
    for step in flow["steps"]:
        answer = client.post(
            step["path"].replace("{id}", found),
            step["body"],
            content_type="application/json",
            headers={**flow["headers"], "Idempotency-Key": str(uuid4())},
        )
        if not 200 <= answer.status_code < 300:
            raise RuntimeError(answer.content.decode())
        found = answer.json()["id"]


def _static_ids(shop: Shop) -> set[str]:
    """What all visitors share."""
    from apps.availability.models import Location
    from apps.organizations.models import ApiKey, OrganizationPolicy

    rows: Iterable[Any] = [
        shop.organization,
        shop.service,
        *Location.objects.for_organization(shop.organization),
        *ApiKey.objects.for_organization(shop.organization),
        OrganizationPolicy.objects.get(organization=shop.organization),
    ]
    return {str(row.pk) for row in rows} | {key.digest.hex() for key in rows if isinstance(key, ApiKey)}


def _send(port: int, flows: Sequence[Flow], *, clients: int, endless: bool = False) -> Sample:
    """Let the visitors come. Raises RuntimeError if one of them was refused, or if they ran out."""
    order = Order(port=port, clients=clients, seconds=SECONDS, endless=endless, flows=flows)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.visitors"],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=True,
    )
    measured = json.loads(done.stdout)
    if measured["failures"] or measured["ran_out"]:
        raise RuntimeError(f"Not every visitor was served: {measured['failures'] or 'too few slots'}")
    return Sample(measured["count"], measured["seconds"], measured["latencies_ms"])


def _deadlocks() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def _ensure_sound() -> None:
    """The figures count only if every counter is right. Raises AssertionError."""
    from apps.core.invariants import find_violations

    found = list(islice(find_violations(), 5))
    if found:
        raise AssertionError(f"the database contradicts itself: {found}")
