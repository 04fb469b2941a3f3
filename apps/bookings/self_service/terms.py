"""What customers may do to their own bookings, and until when: pure rules (seed 004). Times are UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.bookings.self_service.errors import (
    CheckInClosed,
    CheckInTooEarly,
    OnlineChangeOff,
    TooLateToCancel,
    TooLateToReschedule,
)
from apps.content.models import BookingService
from apps.organizations.models import OrganizationPolicy


@dataclass(frozen=True, slots=True)
class Terms:
    """Whether customers may do something by themselves, and how long before the visit they last can."""

    online: bool
    notice: timedelta

    def until(self, starts_at: datetime | None) -> datetime | None:
        """The last moment at which it is possible; None for what has no time yet, which is always."""
        return None if starts_at is None else starts_at - self.notice

    def allow(self, starts_at: datetime | None, *, now: datetime) -> bool:
        """Whether it is possible now; exactly at the last moment it still is."""
        until = self.until(starts_at)
        return self.online and (until is None or now <= until)


def cancel_terms(policy: OrganizationPolicy, services: Iterable[BookingService | None]) -> Terms:
    """The strictest of what the services say, each where it says anything, else the organization."""
    house = Terms(policy.online_cancel, timedelta(minutes=policy.cancel_notice_minutes))
    return _strictest(
        house, [(one.online_cancel, one.cancel_notice_minutes) for one in services if one is not None]
    )


def reschedule_terms(policy: OrganizationPolicy, services: Iterable[BookingService | None]) -> Terms:
    """As `cancel_terms`, for moving the visit."""
    house = Terms(policy.online_reschedule, timedelta(minutes=policy.reschedule_notice_minutes))
    return _strictest(
        house, [(one.online_reschedule, one.reschedule_notice_minutes) for one in services if one is not None]
    )


def ensure_may_cancel(terms: Terms, starts_at: datetime | None, *, now: datetime) -> None:
    """Raises OnlineChangeOff, TooLateToCancel, which says until when it was possible."""
    if not terms.online:
        raise OnlineChangeOff("This visit can't be cancelled online. Please call.")
    if not terms.allow(starts_at, now=now):
        raise TooLateToCancel(until=terms.until(starts_at))


def ensure_may_reschedule(terms: Terms, starts_at: datetime | None, *, now: datetime) -> None:
    """Raises OnlineChangeOff, TooLateToReschedule, which says until when it was possible."""
    if not terms.online:
        raise OnlineChangeOff("This visit can't be moved online. Please call.")
    if not terms.allow(starts_at, now=now):
        raise TooLateToReschedule(until=terms.until(starts_at))


def check_in_opens_at(policy: OrganizationPolicy, starts_at: datetime) -> datetime:
    """From when a customer can say that they are here."""
    return starts_at - timedelta(minutes=policy.check_in_opens_minutes)


def ensure_may_check_in(
    policy: OrganizationPolicy, *, starts_at: datetime, ends_at: datetime, now: datetime
) -> None:
    """From a while before the visit until it is over. Raises CheckInTooEarly, CheckInClosed."""
    opens_at = check_in_opens_at(policy, starts_at)
    if now < opens_at:
        raise CheckInTooEarly(opens_at=opens_at)
    if now >= ends_at:
        raise CheckInClosed


def _strictest(house: Terms, own: Iterable[tuple[bool | None, int | None]]) -> Terms:
    """Of services that say something of their own, or nothing; the house's terms where there is none."""
    terms = [
        Terms(
            house.online if online is None else online,
            house.notice if minutes is None else timedelta(minutes=minutes),
        )
        for online, minutes in own
    ] or [house]
    return Terms(all(one.online for one in terms), max(one.notice for one in terms))
