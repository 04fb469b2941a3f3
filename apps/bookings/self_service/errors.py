"""What can stand in the way of customers who change their own bookings."""

from datetime import datetime
from http import HTTPStatus

from apps.core.errors import DomainError


class OnlineChangeOff(DomainError):
    """The business takes this change by phone only."""

    code = "ONLINE_CHANGE_OFF"
    status = HTTPStatus.FORBIDDEN
    default_detail = "This can't be changed online. Please call."


class TooLateToCancel(DomainError):
    """The notice window has begun; `until` is the moment until which it was possible."""

    code = "TOO_LATE_TO_CANCEL"
    status = HTTPStatus.CONFLICT
    default_detail = "It is too late to cancel this visit online. Please call."

    def __init__(self, *, until: datetime | None) -> None:
        super().__init__(until=_told(until))


class TooLateToReschedule(DomainError):
    """The notice window has begun; `until` is the moment until which it was possible."""

    code = "TOO_LATE_TO_RESCHEDULE"
    status = HTTPStatus.CONFLICT
    default_detail = "It is too late to move this visit online. Please call."

    def __init__(self, *, until: datetime | None) -> None:
        super().__init__(until=_told(until))


class CheckInTooEarly(DomainError):
    """Nobody expects the customer yet; `opens_at` says from when."""

    code = "CHECK_IN_TOO_EARLY"
    status = HTTPStatus.CONFLICT
    default_detail = "It is too early to check in. Try again shortly before your visit."

    def __init__(self, *, opens_at: datetime) -> None:
        super().__init__(opens_at=_told(opens_at))


class CheckInClosed(DomainError):
    """The time of the visit is over."""

    code = "CHECK_IN_CLOSED"
    status = HTTPStatus.CONFLICT
    default_detail = "The time of this visit is over. Please call."


def _told(moment: datetime | None) -> str | None:
    """As answers write moments."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
