"""Time has become free: whoever is next on the waitlist gets it, as a hold of their own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from apps.audit import log as audit
from apps.availability.errors import SlotFull, SlotNotBookable
from apps.availability.models import Location
from apps.bookings.commands.expire_holds import expire_hold
from apps.bookings.models import Hold, WaitlistOffer
from apps.bookings.placing.holding import hold_way
from apps.bookings.placing.place import Locked, Way, place
from apps.bookings.placing.visits import PlannedVisit
from apps.bookings.states import HoldStatus, OfferStatus, WaitlistStatus
from apps.bookings.subjects import subject_of_booking
from apps.bookings.waitlist.changes import lock_entry, move_entry
from apps.bookings.waitlist.events import WaitlistOffered
from apps.bookings.waitlist.line import Pulse, Waiting, fitting, line_at, lock_line, pulse_of
from apps.bookings.waitlist.links import digest_of_offer
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.ids import new_id
from apps.core.outbox import publish

# So often a run begins anew because others were quicker. Whatever they did is an event, and so another run.
ATTEMPTS = 10


def offer_waitlist(*, organization_id: UUID, location_id: UUID) -> list[UUID]:
    """Offer what is free at a location to those who wait, in their order; returns the offers' ids.

    One transaction an offer. Bears being run at any time, by any number of processes (REQ-WAIT-2, seed 004).
    """
    for hold_id in _lapsed_holds(organization_id, location_id):
        expire_hold(organization_id=organization_id, hold_id=hold_id)
    offered: list[UUID] = []
    while (offer := offer_next(organization_id=organization_id, location_id=location_id)) is not None:
        offered.append(offer.id)
    return offered


def _lapsed_holds(organization_id: UUID, location_id: UUID) -> list[UUID]:
    """Those behind offers whose time has passed: whoever let them lapse is in the line again."""
    holds = Hold.objects.for_organization(organization_id).filter(location_id=location_id)
    due = holds.due(app_now()).filter(waitlist_offer__status=OfferStatus.OPEN)
    return list(due.order_by("expires_at").values_list("id", flat=True))


class _Overtaken(Exception):
    """Somebody earlier in the line could be served after all."""


@command("bookings.offer_waitlist")
def offer_next(*, organization_id: UUID, location_id: UUID) -> WaitlistOffer | None:
    """Hold time for the first in the line who can be given any, their earliest start; None if nobody can.

    Who fits is looked for without locking calendars. Once the time is locked, and others have changed
    something meanwhile, all who stand before are asked again: so nobody is passed over (REQ-WAIT-4).
    """
    lock_line(location_id)
    location = (
        Location.objects.for_organization(organization_id)
        .select_related("organization__policy")
        .filter(id=location_id, active=True)
        .first()
    )
    if location is None:
        return None
    for _ in range(ATTEMPTS):
        pulse = pulse_of(location)
        line = line_at(location)
        found = next(fitting(line, location, location.organization.policy, now=app_now()), None)
        if found is None:
            return None
        try:
            with transaction.atomic():
                return _offer(location, *found, overtaken=partial(_is_overtaken, location, found[0], pulse))
        except (_Overtaken, SlotFull, SlotNotBookable):
            continue
    return None


def _is_overtaken(location: Location, waiting: Waiting, pulse: Pulse) -> bool:
    """Whether somebody before this one could be served now, where anything has changed at all."""
    if pulse_of(location) == pulse:
        return False
    before = line_at(location, before=waiting.entry.id)
    return any(True for _ in fitting(before, location, location.organization.policy, now=app_now()))


class _VisitInLine(PlannedVisit):
    """A planned visit that gives way, once its time is locked, to whoever is before it in the line."""

    overtaken: Callable[[], bool]

    def ways(self, locked: Locked | None = None) -> list[Way]:
        """As planned. Raises _Overtaken."""
        if locked is not None and self.overtaken():
            raise _Overtaken
        return super().ways(locked)


def _offer(
    location: Location, waiting: Waiting, start: datetime, *, overtaken: Callable[[], bool]
) -> WaitlistOffer:
    """Take the time for them and note the offer. Raises _Overtaken, SlotFull, SlotNotBookable."""
    actor = Actor.system(location.organization_id, "Waitlist")
    policy = location.organization.policy
    visit = _VisitInLine(policy=policy, location=location, start=start, plan=waiting.plan)
    visit.overtaken = overtaken
    left = (start - app_now()) // timedelta(minutes=1)
    minutes = max(1, min(policy.waitlist_offer_minutes, left))
    (hold,) = place(location.organization_id, [visit], partial(hold_way, (actor, policy, minutes)))
    entry = lock_entry(location.organization_id, waiting.entry.id)
    if entry.status != WaitlistStatus.WAITING or hold.status != HoldStatus.ACTIVE:
        raise _Overtaken  # they have left, or are served already: their time goes to the next
    offer = WaitlistOffer(id=new_id(), organization_id=entry.organization_id, entry=entry, hold=hold)
    offer.digest = digest_of_offer(offer.id)
    offer.save(force_insert=True)
    move_entry(entry, WaitlistStatus.OFFERED, now=app_now())
    audit.record(
        actor,
        "bookings.waitlist.offered",
        subject=subject_of_booking(entry.booking, ()),
        new={"starts_at": hold.starts_at.isoformat(), "expires_at": hold.expires_at.isoformat()},
    )
    publish(WaitlistOffered.of(offer))
    return offer
