"""Somebody waits no longer: they or the business say so, or the days for which they waited have passed."""

from uuid import UUID
from zoneinfo import ZoneInfo

from apps.audit import log as audit
from apps.availability import occupancy
from apps.bookings import policies
from apps.bookings.ending import HeldVisit, lock_booking, lock_holds
from apps.bookings.models import Booking, Hold, WaitlistEntry
from apps.bookings.queries import lines_of_holds, resource_ids_of
from apps.bookings.states import BookingStatus, HoldStatus, OfferStatus, WaitlistStatus
from apps.bookings.subjects import subject_of_booking
from apps.bookings.waitlist.changes import close_offer, lock_entry, move_entry, open_offer_of, release
from apps.bookings.waitlist.errors import NotWaiting
from apps.bookings.waitlist.events import WaitlistClosed, WaitlistLeft
from apps.bookings.waitlist.line import LIVE_ENTRIES, lock_line
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.outbox import publish

LEFT, OVER = "left_waitlist", "waitlist_over"


@command("bookings.leave_waitlist")
def leave_waitlist(*, actor: Actor, booking_id: UUID) -> Booking:
    """Take a booking off the waitlist; a time that was offered to it is free for the next (seed 004).

    Raises NotWaiting, InvalidTransition.
    """
    found = _entry_of(actor.organization_id, booking_id)
    lock_line(found.booking.location_id)
    return _end(found, WaitlistStatus.LEFT, actor=actor)


@command("bookings.close_waitlist_entry")
def close_entry(*, organization_id: UUID, booking_id: UUID) -> Booking | None:
    """End an entry whose last day is over at the location; None where it isn't, or somebody was quicker."""
    try:
        found = _entry_of(organization_id, booking_id)
    except NotWaiting:
        return None
    lock_line(found.booking.location_id)
    entry = WaitlistEntry.objects.for_organization(organization_id).get(id=found.id)
    zone = ZoneInfo(found.booking.location.timezone)
    if entry.status != WaitlistStatus.WAITING or entry.last_date >= app_now().astimezone(zone).date():
        return None
    return _end(found, WaitlistStatus.CLOSED, actor=Actor.system(organization_id, "Waitlist"))


def _entry_of(organization_id: UUID, booking_id: UUID) -> WaitlistEntry:
    entry = (
        WaitlistEntry.objects.for_organization(organization_id)
        .filter(booking_id=booking_id, status__in=LIVE_ENTRIES)
        .select_related("booking__location")
        .first()
    )
    if entry is None:
        raise NotWaiting
    return entry


def _end(found: WaitlistEntry, status: WaitlistStatus, *, actor: Actor) -> Booking:
    """End an entry of a locked line: as long as that is locked, it gets no offer."""
    held = _lock_offered(found)
    booking = lock_booking(found.organization_id, found.booking_id)
    visits = lock_holds(found.organization_id, held)
    entry = lock_entry(found.organization_id, found.id)
    now = app_now()
    if entry.status not in LIVE_ENTRIES:  # they have just accepted
        raise NotWaiting
    policies.ensure_can_move(booking.status, BookingStatus.CANCELLED)
    _give_back(entry, visits, actor=actor)
    move_entry(entry, status, now=now)
    old = booking.status
    booking.move_to(BookingStatus.CANCELLED)
    booking.cancelled_at = now
    booking.cancel_reason = LEFT if status is WaitlistStatus.LEFT else OVER
    booking.save(update_fields=["status", "version", "cancelled_at", "cancel_reason", "updated_at"])
    audit.record(
        actor,
        f"bookings.waitlist.{status}",
        subject=subject_of_booking(booking, ()),
        old={"status": old},
        new={"status": booking.status, "reason": booking.cancel_reason},
        at=now,
    )
    publish((WaitlistLeft if status is WaitlistStatus.LEFT else WaitlistClosed).about(entry))
    return booking


def _lock_offered(entry: WaitlistEntry) -> list[UUID]:
    """Lock the calendars of what the entry was offered; returns the hold, if there is one."""
    holds = Hold.objects.for_organization(entry.organization_id).active()
    held = list(
        holds.filter(waitlist_offer__entry=entry, waitlist_offer__status=OfferStatus.OPEN).values_list(
            "id", flat=True
        )
    )
    if held:
        lines = lines_of_holds(entry.organization_id, held)
        occupancy.lock_resources(entry.organization_id, resource_ids_of(lines))
    return held


def _give_back(entry: WaitlistEntry, visits: list[HeldVisit], *, actor: Actor) -> None:
    now = app_now()
    offer = open_offer_of(entry)
    if offer is not None:
        close_offer(offer, OfferStatus.DECLINED, actor=actor, now=now)
    for visit in visits:
        if visit.hold.status == HoldStatus.ACTIVE:
            release(visit, actor=actor, now=now)


@command("bookings.release_unclaimed_offer")
def release_unclaimed(*, organization_id: UUID, hold_id: UUID) -> bool:
    """Free the time behind an offer whose booking was cancelled meanwhile; False if it is free already."""
    lines = lines_of_holds(organization_id, [hold_id])
    occupancy.lock_resources(organization_id, resource_ids_of(lines))
    (held,) = lock_holds(organization_id, [hold_id])
    if held.hold.status != HoldStatus.ACTIVE or held.hold.booking_id is not None:
        return False
    release(held, actor=Actor.system(organization_id, "Waitlist"), now=app_now())
    return True


def close_ended_entries() -> int:
    """Close the entries whose days have passed, one transaction each; returns how many."""
    # East of Greenwich a day may be over already; `close_entry` looks at the location's own clock.
    over = (
        WaitlistEntry.objects.all_organizations(reason="the sweep closes everyone's")
        .filter(status=WaitlistStatus.WAITING, last_date__lte=app_now().date())
        .order_by("id")
        .values_list("organization_id", "booking_id")
    )
    ended = [
        close_entry(organization_id=organization_id, booking_id=booking_id)
        for organization_id, booking_id in list(over)
    ]
    return sum(booking is not None for booking in ended)
