"""Slots for 1,000 people over 90 days, each with hours of their own, against COPY of the very same rows.

The baseline gets the finished rows as bytes, in the same order, into the same table with its indexes and
constraints: nothing can put them there faster. Everything happens in a database of its own, because the
table is emptied before every turn. BENCHMARK_PEOPLE=5000 measures another size.
"""

import itertools
import os
import resource
import tempfile
import time
from datetime import date, timedelta
from datetime import time as clock
from typing import IO

from benchmarks import harness

PEOPLE = int(os.environ.get("BENCHMARK_PEOPLE", "1000"))
DAYS = 90
ROUNDS = 2
SHIFTS = [(7, 11, 12, 16), (8, 12, 13, 17), (9, 13, 14, 18), (10, 14, 15, 19)]
FIRST = date.today() + timedelta(days=1)  # noqa: DTZ011  (any day will do, if all of it lies ahead)
LAST = FIRST + timedelta(days=DAYS - 1)
TABLE = "availability_slotinstance"


class Branch:
    """One location with many people, and the ways to fill its slots."""

    def __init__(self) -> None:
        from apps.availability.models import AvailabilityRule, Location, Resource, RuleKind, SellsFrom
        from apps.organizations.models import Organization, OrganizationPolicy

        organization = Organization.objects.create(name="Benchmark", slug="benchmark")
        OrganizationPolicy.objects.create(organization=organization)
        self.location = Location.objects.create(
            organization=organization,
            name="Branch",
            timezone="America/Denver",
            sells_from=SellsFrom.PEOPLE,
        )
        people = Resource.objects.bulk_create(
            Resource(organization=organization, location=self.location, name=f"Person {number}")
            for number in range(PEOPLE)
        )
        AvailabilityRule.objects.bulk_create(
            AvailabilityRule(
                organization=organization,
                location=self.location,
                resource=person,
                rule_kind=RuleKind.WEEKLY,
                days_of_week=[1, 2, 3, 4, 5],
                start_time=clock(start),
                end_time=clock(end),
                slot_granularity_minutes=30,
            )
            for number, person in enumerate(people)
            for start, end in [SHIFTS[number % 4][:2], SHIFTS[number % 4][2:]]
        )

    def generate(self) -> tuple[int, harness.Sample, list[float]]:
        """One run: (rows inserted, the sample, milliseconds a batch)."""
        from apps.availability.commands.generate_slots import generate_slots_of_location

        laps = [time.perf_counter()]
        report = generate_slots_of_location(
            organization_id=self.location.organization_id,
            location_id=self.location.id,
            first=FIRST,
            last=LAST,
            on_batch=lambda _done: laps.append(time.perf_counter()),
        )
        batches = [(after - before) * 1000 for before, after in itertools.pairwise(laps)]
        sample = harness.Sample(report.inserted + report.kept, laps[-1] - laps[0], batches)
        return report.inserted, sample, batches


def empty() -> None:
    """No slots, no dead rows, and nothing left over that the next turn would have to write."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLE} CASCADE")
        cursor.execute("CHECKPOINT")


def dump(into: IO[bytes]) -> None:
    """The rows as COPY writes and reads them."""
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(f"COPY {TABLE} TO STDOUT (FORMAT binary)") as copy:
        for block in copy:
            into.write(block)


def copy_back(rows: IO[bytes], count: int) -> harness.Sample:
    """The baseline's turn."""
    from django.db import connection, transaction

    rows.seek(0)
    started = time.perf_counter()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY {TABLE} FROM STDIN (FORMAT binary)") as copy,
    ):
        while block := rows.read(1 << 20):
            copy.write(block)
    return harness.Sample(count, time.perf_counter() - started)


def slot_generation() -> harness.Result:
    """The first run against COPY, then how much faster it is to find that nothing has changed."""
    with harness.database_of_its_own("generation"), tempfile.TemporaryFile() as rows:
        branch = Branch()
        count, _, _ = branch.generate()  # also warms both sides up
        dump(rows)

        def ours() -> harness.Sample:
            empty()
            return branch.generate()[1]

        def baseline() -> harness.Sample:
            empty()
            return copy_back(rows, count)

        copied, made = harness.interleaved(baseline=baseline, ours=ours, rounds=ROUNDS)
        inserted, again, _ = branch.generate()
    if inserted:
        raise AssertionError(f"a second run made {inserted} slots")
    first = made.seconds / ROUNDS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return harness.result(
        "slot_generation",
        baseline=copied,
        ours=made,
        unit="rows/s",
        notes=[
            f"{PEOPLE:,} people × {DAYS} days = {count:,} slots; percentiles are of one batch, under locks",
            f"first run {first:.2f} s, unchanged re-run {again.seconds:.2f} s: {first / again.seconds:.1f}×",
            f"peak memory {peak:.0f} MiB",
        ],
    )
