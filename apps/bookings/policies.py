"""Pure rules: who may do what to which state, and when."""

from datetime import datetime, timedelta

from apps.bookings.errors import (
    BookingHasNoTime,
    BookingHasTime,
    HoldExpired,
    HoldNotActive,
    HoldRefreshLimit,
    InvalidTransition,
    StaffOnly,
)
from apps.bookings.states import BookingStatus, HoldStatus, can_move
from apps.core.actors import ActorKind


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


def ensure_hold_refreshable(
    *, status: str, expires_at: datetime, now: datetime, refreshes: int, limit: int
) -> None:
    """A live hold can be given more time, but not for ever.

    Raises HoldNotActive, HoldExpired, HoldRefreshLimit.
    """
    ensure_hold_usable(status=status, expires_at=expires_at, now=now)
    if refreshes >= limit:
        raise HoldRefreshLimit(limit=limit)


def refreshed_until(*, expires_at: datetime, now: datetime, minutes: int) -> datetime:
    """When a refreshed hold runs out: its own length from now, and never sooner than before."""
    return max(expires_at, hold_ends_at(now=now, minutes=minutes))


def ensure_business_acts(kind: ActorKind) -> None:
    """What no visitor and no customer may do. Raises StaffOnly."""
    if kind in {ActorKind.SESSION, ActorKind.CUSTOMER}:
        raise StaffOnly


def ensure_schedulable(*, status: str, starts_at: datetime | None) -> None:
    """A queued booking can be given its time. Raises InvalidTransition, BookingHasTime."""
    if status != BookingStatus.PENDING:
        raise InvalidTransition(current=status)
    if starts_at is not None:
        raise BookingHasTime


def ensure_approvable(*, status: str, starts_at: datetime | None) -> None:
    """A booking that waits for approval, and has a time, can be approved.

    Raises InvalidTransition, BookingHasNoTime.
    """
    if status != BookingStatus.PENDING:
        raise InvalidTransition(current=status)
    if starts_at is None:
        raise BookingHasNoTime


# A visit can move while it is still ahead.
RESCHEDULABLE = frozenset({BookingStatus.CONFIRMED, BookingStatus.PENDING})


def ensure_reschedulable(*, status: str) -> None:
    """A visit can move while it is still ahead: confirmed, or waiting for approval.

    Raises HoldExpired, InvalidTransition.
    """
    if status == BookingStatus.EXPIRED:
        raise HoldExpired
    if status not in RESCHEDULABLE:
        raise InvalidTransition(current=status)
