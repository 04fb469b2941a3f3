"""Placing a hold: shared by the commands that do. They have opened the transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.audit import log as audit
from apps.availability import occupancy, queries
from apps.availability.errors import SlotFull, SlotNotBookable
from apps.availability.lanes import Period
from apps.availability.models import CalendarEvent, EventType, Resource, ResourceKind, SlotInstance
from apps.availability.offering.offers import buffers
from apps.availability.types import VisitNeed
from apps.bookings import policies
from apps.bookings.ending import end_lapsed_holds
from apps.bookings.events import HoldPlaced
from apps.bookings.models import BookingLine, Hold
from apps.bookings.subjects import subject_of_hold
from apps.bookings.types import TimeWanted
from apps.content.models import BookingService
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.errors import DomainError, InvalidInput
from apps.core.outbox import publish
from apps.organizations.models import OrganizationPolicy


def find_slots(organization_id: UUID, wanted: TimeWanted, need: VisitNeed) -> list[SlotInstance]:
    """The slots that would do, unlocked. Raises NotFound, InvalidInput, SlotNotBookable."""
    if wanted.slot_id is not None:
        slot = queries.get_slot(organization_id, wanted.slot_id)
        if not (slot.location.active and slot.resource.active and not slot.closed):
            raise SlotNotBookable
        if not set(need.skills) <= set(slot.resource.skills) and slot.resource.kind != ResourceKind.POOL:
            raise SlotNotBookable("This person does not do that service. Pick somebody else.")
        return [slot]
    if wanted.location_id is None or wanted.start_at is None:
        raise InvalidInput({"slot_id": ["Say which slot, or which location and start."]})
    location = queries.get_location(organization_id, wanted.location_id)
    slots = queries.slots_at(location, wanted.start_at, need, resource_id=wanted.resource_id)
    if not slots:
        raise SlotNotBookable
    return slots


def place_hold(
    *,
    actor: Actor,
    policy: OrganizationPolicy,
    wanted: TimeWanted,
    service: BookingService | None,
    minutes: int,
) -> Hold:
    """Hold the wanted time for so many minutes, with the first of the possible resources that has room.

    Each resource is locked in a savepoint of its own, and let go again when it is full: so a caller never
    waits for a second resource while holding a first. Raises SlotFull, SlotNotBookable, NotFound.
    """
    need = VisitNeed.of(service, party=wanted.party_size)
    slots = find_slots(actor.organization_id, wanted, need)
    refusal: DomainError = SlotFull()
    for slot in _with_room(slots, need, policy):
        try:
            with transaction.atomic():
                return _hold_slot(
                    actor=actor, policy=policy, slot=slot, need=need, service=service, minutes=minutes
                )
        except (SlotFull, SlotNotBookable) as error:
            refusal = error
    raise refusal


def _with_room(
    slots: Sequence[SlotInstance], need: VisitNeed, policy: OrganizationPolicy
) -> list[SlotInstance]:
    """Those that seem to fit, the least taken first: who cannot fit is turned away before any lock."""
    now = app_now()
    in_time = [slot for slot in slots if queries.may_begin(slot, policy, now=now)]
    bookable = queries.within_working_time(in_time, need)
    if not bookable:
        raise SlotNotBookable
    peaks = queries.peaks_now(
        [(slot.resource_id, queries.occupied_period(slot, need, policy)) for slot in bookable]
    )
    roomy = [
        (peak, slot)
        for peak, slot in zip(peaks, bookable, strict=True)
        if peak + need.party <= slot.resource.capacity
    ]
    return [slot for _, slot in sorted(roomy, key=lambda pair: (pair[0], pair[1].booked, pair[1].id))]


def _hold_slot(
    *,
    actor: Actor,
    policy: OrganizationPolicy,
    slot: SlotInstance,
    need: VisitNeed,
    service: BookingService | None,
    minutes: int,
) -> Hold:
    resource = occupancy.lock_resources(actor.organization_id, [slot.resource_id])[slot.resource_id]
    now = app_now()
    end_lapsed_holds([resource], now=now)
    try:
        slot.refresh_from_db(fields=["closed", "capacity", "start_at", "end_at"])
    except SlotInstance.DoesNotExist as error:  # the rules changed between the look and the lock
        raise SlotNotBookable from error
    if slot.closed or not resource.active:
        raise SlotNotBookable
    hold = _new_hold(actor, policy, slot, need, service, now=now, minutes=minutes)
    line = _line_of(hold, service, resource=resource, visit=queries.visit_period(slot, need))
    before, after = buffers(need, resource, policy)
    occupancy.take(
        resource,
        occupancy.Claim(
            visit=queries.visit_period(slot, need),
            buffer_before=before,
            buffer_after=after,
            party=need.party,
            count_limit=slot.capacity,
        ),
        now=now,
        event=CalendarEvent(
            organization_id=actor.organization_id,
            type=EventType.HOLD,
            hold=hold,
            line=line,
            slot=slot,
            expires_at=hold.expires_at,
        ),
    )
    audit.record(actor, "bookings.hold.placed", subject=subject_of_hold(hold, [line]), at=now)
    publish(HoldPlaced.about(hold, [line]))
    return hold


def _new_hold(
    actor: Actor,
    policy: OrganizationPolicy,
    slot: SlotInstance,
    need: VisitNeed,
    service: BookingService | None,
    *,
    now: datetime,
    minutes: int,
) -> Hold:
    visit = queries.visit_period(slot, need)
    return Hold.objects.create(
        organization_id=actor.organization_id,
        session_id=actor.session_id,
        location=slot.location,
        slot=slot,
        party_size=need.party,
        currency=service.currency if service else policy.organization.currency,
        starts_at=visit.start,
        ends_at=visit.end,
        minutes=minutes,
        expires_at=policies.hold_ends_at(now=now, minutes=minutes),
    )


def _line_of(hold: Hold, service: BookingService | None, *, resource: Resource, visit: Period) -> BookingLine:
    """What is held, with its price and length as they are now."""
    return BookingLine.objects.create(
        organization_id=hold.organization_id,
        hold=hold,
        service=service,
        resource=resource,
        title=service.title if service else "Appointment",
        base_duration_minutes=(visit.end - visit.start) // timedelta(minutes=1),
        price=service.price if service else None,
    )
