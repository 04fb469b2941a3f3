"""Free times over HTTP, against an empty Django view on the same server: 8 people, 60 days of half hours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from benchmarks.harness import Result, Sample, interleaved, result
from benchmarks.web import WORKERS, request_of, serving

if TYPE_CHECKING:  # models can be imported only once Django is set up
    from apps.availability.models import Resource
    from apps.organizations.models import Organization

SLUG = "reads-of-free-times"
ZONE = "America/Denver"
ORIGIN = "https://www.example.com"

PEOPLE = 8
DAYS = 60
VISITORS = 20
CLIENTS = 8
SECONDS = 1.5
ROUNDS = 4
MEETINGS = 4
BUSY_EVERY = 5  # one start in so many has a visit


@dataclass(frozen=True, slots=True)
class Business:
    """What the requests name."""

    key: str
    tokens: Sequence[str]
    location_id: UUID
    service_id: UUID
    days: Sequence[date]


def slots_warm() -> Result:
    """A day's times, as its visitors ask for them again and again."""
    return _warm("slots_warm", _slot_paths)


def slots_cold() -> Result:
    """A day's times, each time asked for the first time since one of the people was booked on that day."""
    return _cold("slots_cold", _slot_paths)


def month_warm() -> Result:
    """A month's days, as visitors ask for them again and again."""
    return _warm("month_warm", _month_paths)


def month_cold() -> Result:
    """A month's days, each time asked for the first time since one of the people was booked in that month."""
    return _cold("month_cold", _month_paths)


def _slot_paths(business: Business) -> list[str]:
    return [
        f"/v1/slots?location_id={business.location_id}&service_id={business.service_id}&date={day}"
        for day in business.days[5:15]
    ]


def _month_paths(business: Business) -> list[str]:
    months = sorted({f"{day:%Y-%m}" for day in business.days[:45]})
    where = f"location_id={business.location_id}&service_id={business.service_id}"
    return [f"/v1/scheduler/month-availability?{where}&month={month}" for month in months]


PathsOf = Callable[[Business], list[str]]


def _warm(name: str, paths_of: PathsOf) -> Result:
    requests = _requests(paths_of)
    baseline, ours = _turns(requests, {}, rounds=ROUNDS)
    each = {"FREE_TIMES_MAY_LAG_SECONDS": "0"}
    notes = [_note("when PostgreSQL is asked before each answer", *_turns(requests, each, rounds=2))]
    return result(name, baseline=baseline, ours=ours, unit="req/s", notes=notes)


def _cold(name: str, paths_of: PathsOf) -> Result:
    """What cold means is said in cold.py."""
    requests = _requests(paths_of)
    baseline, ours = _turns(requests, {"BENCHMARK_COLD": "one"}, rounds=ROUNDS)
    notes = [
        _note(what, *_turns(requests, {"BENCHMARK_COLD": whose}, rounds=2))
        for what, whose in {
            f"after a booking of each of the {PEOPLE} people": "each",
            "when everybody's slots and events are read anew": "all",
        }.items()
    ]
    return result(name, baseline=baseline, ours=ours, unit="req/s", notes=notes)


def _note(what: str, baseline: Sample, ours: Sample) -> str:
    rate = ours.count / ours.seconds
    return f"{what}: {rate:,.0f} req/s, ratio {rate / (baseline.count / baseline.seconds):.2f}"


def _requests(paths_of: PathsOf) -> list[tuple[str, dict[str, str]]]:
    business = _business()
    return [
        (path, {"X-Api-Key": business.key, "X-Session-Token": token, "Origin": ORIGIN})
        for token in business.tokens
        for path in paths_of(business)
    ]


def _turns(
    requests: Sequence[tuple[str, dict[str, str]]], environment: dict[str, str], *, rounds: int
) -> tuple[Sample, Sample]:
    """Ask a server of its own and its empty view in turn; returns (baseline, ours)."""
    with serving(environment=environment) as server:
        raw = [request_of("GET", path, server.port, headers) for path, headers in requests]

        def ours() -> Sample:
            return server.send(raw, clients=CLIENTS, seconds=SECONDS)

        def baseline() -> Sample:
            return server.ask(["/empty"], headers={}, clients=CLIENTS, seconds=SECONDS)

        met = 0.0
        while met < MEETINGS * WORKERS * len(raw):  # every worker meets every question
            met += ours().count
        baseline()
        return interleaved(baseline=baseline, ours=ours, rounds=rounds)


def _business() -> Business:
    """The business, which is made the first time and has its slots brought up to today."""
    from django.db import transaction

    from apps.availability.commands.generate_slots import generate_slots
    from apps.availability.models import Location, Resource
    from apps.content.models import BookingService
    from apps.core.ids import new_id
    from apps.core.tokens import SessionClaims, issue_session_token
    from apps.organizations.models import ApiKey, Organization, OrganizationPolicy

    organization, is_new = Organization.objects.get_or_create(
        slug=SLUG, defaults={"name": "Reads", "timezone": ZONE}
    )
    if is_new:
        with transaction.atomic():
            OrganizationPolicy.objects.create(organization=organization, horizon_days=DAYS)
            _people(organization)
    organization.refresh_from_db()
    generate_slots(organization=organization)
    location = Location.objects.for_organization(organization).get()
    for person in Resource.objects.for_organization(organization):
        _fill(person)
    key = ApiKey(organization=organization, name="Benchmark", allowed_origins=[ORIGIN])
    token = key.set_new_token()
    key.save()
    today = datetime.now(UTC).date()
    return Business(
        key=token,
        tokens=[issue_session_token(SessionClaims(new_id(), organization.id)) for _ in range(VISITORS)],
        location_id=location.id,
        service_id=BookingService.objects.for_organization(organization).get().id,
        days=[today + timedelta(days=number) for number in range(DAYS)],
    )


def _people(organization: "Organization") -> None:
    """Eight people who work every day from nine to five, and a service of an hour."""
    from apps.availability.models import AvailabilityRule, Location, Resource, SellsFrom
    from apps.content.models import BookingService

    location = Location.objects.create(
        organization=organization, name="Main", timezone=ZONE, sells_from=SellsFrom.PEOPLE
    )
    for number in range(PEOPLE):
        Resource.objects.create(organization=organization, location=location, name=f"Person {number}")
    AvailabilityRule.objects.create(
        organization=organization,
        location=location,
        days_of_week=[1, 2, 3, 4, 5, 6, 7],
        start_time=time(9),
        end_time=time(17),
        slot_granularity_minutes=30,
        slot_duration_minutes=30,
    )
    BookingService.objects.create(organization=organization, title="Visit", duration_minutes=60)


def _fill(person: "Resource") -> None:
    """Put a meeting into one slot in so many, unless that has been done."""
    from apps.availability.models import CalendarEvent, SlotInstance

    if CalendarEvent.objects.filter(resource=person).exists():
        return
    slots = SlotInstance.objects.filter(resource=person).order_by("start_at")
    taken = [slot for number, slot in enumerate(slots) if number % BUSY_EVERY == 0]
    CalendarEvent.objects.bulk_create(
        CalendarEvent(
            organization_id=person.organization_id,
            resource=person,
            type="meeting",
            starts_at=slot.start_at,
            ends_at=slot.end_at,
            occupied=TimestamptzRange(slot.start_at, slot.end_at),
            lanes=(0,),
            lane_limit=1,
        )
        for slot in taken
    )
