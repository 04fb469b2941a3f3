"""What can stand in the way on the waitlist."""

from http import HTTPStatus

from apps.core.constraints import constraint_means
from apps.core.errors import DomainError


class WaitlistNotOpen(DomainError):
    """The business keeps no waitlist."""

    code = "WAITLIST_NOT_OPEN"
    status = HTTPStatus.CONFLICT
    default_detail = "There is no waitlist here at the moment. Please call."


class AlreadyWaiting(DomainError):
    """The same customer waits for the same services at the same location already."""

    code = "ALREADY_WAITING"
    status = HTTPStatus.CONFLICT
    default_detail = "You are on the waitlist for this already. We will write to you when a time is free."


class NotWaiting(DomainError):
    """The booking is not on the waitlist, or not any more."""

    code = "NOT_WAITING"
    status = HTTPStatus.CONFLICT
    default_detail = "This booking is not on the waitlist any more."


class WaitlistOfferUnknown(DomainError):
    """No offer has this link."""

    code = "WAITLIST_OFFER_UNKNOWN"
    status = HTTPStatus.NOT_FOUND
    default_detail = "This link does not work. Open the newest one that we have sent you."


class WaitlistOfferAnswered(DomainError):
    """The offer was accepted or declined before."""

    code = "WAITLIST_OFFER_ANSWERED"
    status = HTTPStatus.CONFLICT
    default_detail = "You have answered this offer already."


class WaitlistOfferLapsed(DomainError):
    """The offer's time has passed by the database's clock, whether or not a sweep has run."""

    code = "WAITLIST_OFFER_LAPSED"
    status = HTTPStatus.GONE
    default_detail = "This offer has ended. You are still on the waitlist, and we will write again."


constraint_means("waitlist_not_twice_for_the_same", AlreadyWaiting)
