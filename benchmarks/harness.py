"""What every benchmark shares: a database, fair turns with the baseline, and one way to say the result."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import psycopg
from psycopg import sql

SETTINGS = "benchmarks.settings"


@dataclass(frozen=True, slots=True)
class Sample:
    """One turn: how much was done in how many seconds, and how long each took (milliseconds)."""

    count: float
    seconds: float
    latencies_ms: Sequence[float] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A hot path against its baseline. The ratio is ours ÷ baseline: larger is better."""

    name: str
    ratio: float
    ours: float
    baseline: float
    unit: str
    p50_ms: float
    p95_ms: float
    p99_ms: float
    notes: Sequence[str] = field(default=())

    def json(self) -> str:
        """The result as one line."""
        figures = {key: value for key, value in asdict(self).items() if key != "notes"}
        return json.dumps(
            {key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items()}
        )


def prepare() -> None:
    """Set Django up on the benchmarks' database, which is made and migrated if need be."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    name = settings.DATABASES["default"]["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        if admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    call_command("migrate", verbosity=0)


@contextmanager
def database_of_its_own(name: str) -> Iterator[str]:
    """An empty, migrated database for Django's connection; yields its whole name, and drops it afterwards."""
    from django.core.management import call_command
    from django.db import connection

    shared = connection.settings_dict["NAME"]
    own = f"{shared}_{name}"
    connection.close()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(own))
        admin.execute(drop)
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(own)))
        connection.settings_dict["NAME"] = own
        try:
            call_command("migrate", verbosity=0)
            yield own
        finally:
            connection.close()
            connection.settings_dict["NAME"] = shared
            admin.execute(drop)


def interleaved(
    *, baseline: Callable[[], Sample], ours: Callable[[], Sample], rounds: int = 4
) -> tuple[Sample, Sample]:
    """Take turns, so that whatever else the machine does falls on both; returns (baseline, ours), added up.

    Who goes first alternates, too.
    """
    turns: dict[str, list[Sample]] = {"baseline": [], "ours": []}
    for number in range(rounds):
        pair = [("baseline", baseline), ("ours", ours)]
        for who, run in pair if number % 2 == 0 else reversed(pair):
            turns[who].append(run())
    return _added(turns["baseline"]), _added(turns["ours"])


def _added(samples: Sequence[Sample]) -> Sample:
    return Sample(
        count=sum(sample.count for sample in samples),
        seconds=sum(sample.seconds for sample in samples),
        latencies_ms=[latency for sample in samples for latency in sample.latencies_ms],
    )


def result(name: str, *, baseline: Sample, ours: Sample, unit: str, notes: Sequence[str] = ()) -> Result:
    """Compare the rates of two samples. Percentiles are of our own latencies."""
    rate, base = ours.count / ours.seconds, baseline.count / baseline.seconds
    return Result(
        name=name,
        ratio=rate / base,
        ours=rate,
        baseline=base,
        unit=unit,
        p50_ms=percentile(ours.latencies_ms, 50),
        p95_ms=percentile(ours.latencies_ms, 95),
        p99_ms=percentile(ours.latencies_ms, 99),
        notes=notes,
    )


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which so many per cent lie (nearest rank); 0 where nothing was measured."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
