"""Placing and prolonging holds: shared by the commands that do. They have opened the transaction."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from apps.audit import log as audit
from apps.availability import occupancy
from apps.availability.lanes import Period
from apps.availability.models import CalendarEvent, EventType
from apps.bookings import policies
from apps.bookings.ending import HeldVisit
from apps.bookings.errors import TooManyHolds
from apps.bookings.events import HoldPlaced
from apps.bookings.models import BookingLine, Hold
from apps.bookings.placing.place import Locked, Visit, Way, place
from apps.bookings.placing.visits import foresee_visits, visits_of
from apps.bookings.queries import lines_in_time
from apps.bookings.subjects import subject_of_hold
from apps.bookings.types import Wanted
from apps.core.actors import Actor
from apps.core.asking import ask_row
from apps.core.clock import foresee_now
from apps.core.functions import AppNow
from apps.core.kept_queries import KeptQuery
from apps.core.outbox import publish
from apps.core.writing import insert
from apps.organizations.models import OrganizationPolicy

LOCK_VISITOR = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def lock_visitor(actor: Actor) -> None:
    """One at a time: whoever counts or changes a visitor's holds keeps this until the transaction ends.

    It stands above customers and resources (docs/locking.md). Staff and the platform need no such lock.
    """
    if actor.session_id is not None:
        ask_row(LOCK_VISITOR, [f"visitor {actor.session_id}"])


LIVE_HOLDS = KeptQuery(
    lambda organization_id, session_id: (
        Hold.objects.for_organization(organization_id)
        .filter(session_id=session_id, expires_at__gt=AppNow())
        .active()
        .only("id")
    )
)


def ensure_may_hold(actor: Actor, policy: OrganizationPolicy, *, more: int = 1) -> None:
    """A visitor, who is locked, may hold so many times more. Raises TooManyHolds."""
    if actor.session_id is None:
        return
    if len(LIVE_HOLDS(actor.organization_id, actor.session_id)) + more > policy.max_live_holds:
        raise TooManyHolds(limit=policy.max_live_holds)


def foresee_holds(actor: Actor, wanted: Sequence[Wanted]) -> None:
    """Ask ahead what `place_holds` will want to know before it locks anything."""
    if actor.session_id is not None:
        LIVE_HOLDS.foresee(actor.organization_id, actor.session_id)
    foresee_visits(actor.organization_id, wanted)
    foresee_now()


def place_holds(
    *, actor: Actor, policy: OrganizationPolicy, wanted: Sequence[Wanted], minutes: int
) -> list[HeldVisit]:
    """Hold all of these visits for so many minutes, or none; returns them in their order.

    The visitor is locked, and whoever calls this lets a refusal end the transaction. Raises TooManyHolds,
    SlotFull, SlotNotBookable, MixedCurrencies, NotFound, InvalidInput; of several visits SlotFull and
    SlotNotBookable say in `visit` which one.
    """
    ensure_may_hold(actor, policy, more=len(wanted))
    visits = visits_of(actor.organization_id, policy, wanted)
    write = partial(_held, (actor, policy, minutes))
    return place(actor.organization_id, visits, write, refusal_is_final=True)


def hold_way(
    by: tuple[Actor, OrganizationPolicy, int], visit: Visit, way: Way, locked: Locked, *, now: datetime
) -> Hold:
    """A hold of this way: for whom, by which policy, and for how many minutes is in `by`."""
    return _held(by, visit, way, locked, now=now).hold


def _held(
    by: tuple[Actor, OrganizationPolicy, int], visit: Visit, way: Way, locked: Locked, *, now: datetime
) -> HeldVisit:
    """The same with what belongs to it, as nobody needs to read it back."""
    actor, policy, minutes = by
    hold = Hold(
        organization_id=actor.organization_id,
        session_id=actor.session_id,
        location=visit.location,
        slot_id=way.parts[0].slot_id,
        party_size=visit.party,
        currency=next(
            (service.currency for service in visit.services if service), policy.organization.currency
        ),
        starts_at=way.starts_at,
        ends_at=way.ends_at,
        minutes=minutes,
        refreshes=0,
        expires_at=policies.hold_ends_at(now=now, minutes=minutes),
    )
    hold.created_at = now
    lines = _lines_of(hold, visit, way, locked)
    events = [
        occupancy.take(
            locked[part.resource_id],
            part.claim,
            now=now,
            event=CalendarEvent(
                organization_id=actor.organization_id,
                type=EventType.HOLD,
                hold=hold,
                line=lines[part.line],
                slot_id=part.slot_id,
                expires_at=hold.expires_at,
            ),
        )
        for part in way.parts
    ]
    insert(hold)
    for line in lines:
        insert(line)
    hold.known_lines = lines_in_time(lines, events)
    audit.record(actor, "bookings.hold.placed", subject=subject_of_hold(hold, lines), at=now)
    publish(HoldPlaced.about(hold, lines))
    return HeldVisit(hold, lines, events)


def _lines_of(hold: Hold, visit: Visit, way: Way, locked: Locked) -> list[BookingLine]:
    """What is held, with prices and lengths as they are now."""
    return [
        BookingLine(
            organization_id=hold.organization_id,
            hold=hold,
            service=service,
            resource=locked[way.resource_of(place)],
            title=service.title if service else "Appointment",
            base_duration_minutes=way.minutes_of(place),
            price=service.price if service else None,
            sort_order=place,
        )
        for place, service in enumerate(visit.services)
    ]


def prolong(held: HeldVisit, *, expires_at: datetime, now: datetime) -> None:
    """Let a locked, live hold and its events run out at another moment; its resources are locked.

    No counter changes by that. But who has kept an answer until the old end, or reads at that very moment,
    must look again: so the resources' versions count up.
    """
    held.hold.expires_at = expires_at
    held.hold.save(update_fields=["expires_at", "refreshes", "updated_at"])
    events = [event for event in held.events if event.active]
    CalendarEvent.objects.for_organization(held.hold.organization_id).filter(
        id__in=[event.id for event in events]
    ).update(expires_at=expires_at, updated_at=now)
    for event in events:
        event.expires_at = expires_at
        if event.resource_id is not None:
            occupancy.recount(event.resource_id, Period(event.occupied.lower, event.occupied.upper))
