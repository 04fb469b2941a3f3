"""Pure rules: who may do what to which state, and when."""

from datetime import datetime, timedelta

from apps.bookings.errors import HoldExpired, HoldNotActive, InvalidTransition
from apps.bookings.states import BookingStatus, HoldStatus, can_move


def ensure_hold_usable(*, status: str, expires_at: datetime, now: datetime) -> None:
    """A hold can be used while it is active and its time has not come. Raises HoldNotActive, HoldExpired."""
    if status == HoldStatus.EXPIRED or (status == HoldStatus.ACTIVE and expires_at <= now):
        raise HoldExpired
    if status != HoldStatus.ACTIVE:
        raise HoldNotActive


def ensure_can_move(current: str, target: BookingStatus) -> None:
    """The booking's status leads to the target. Raises HoldExpired for an expired one, InvalidTransition."""
    if current == BookingStatus.EXPIRED:
        raise HoldExpired
    if not can_move(current, target):
        raise InvalidTransition(current=current)


def status_after_confirmation(*, requires_approval: bool) -> BookingStatus:
    """What a confirmed hold becomes: booked, or waiting for the business's yes."""
    return BookingStatus.PENDING if requires_approval else BookingStatus.CONFIRMED


def hold_ends_at(*, now: datetime, minutes: int) -> datetime:
    """When a hold that is placed now runs out."""
    return now + timedelta(minutes=minutes)


def ensure_hold_releasable(*, status: str, expires_at: datetime, now: datetime, booked: bool) -> None:
    """A visitor may release a hold that no booking stands on yet. Raises HoldNotActive, HoldExpired."""
    ensure_hold_usable(status=status, expires_at=expires_at, now=now)
    if booked:
        raise HoldNotActive("This hold belongs to a booking. Confirm the booking, or let it run out.")
