"""What can stand in the way of a hold or a booking."""

from http import HTTPStatus

from apps.core.constraints import constraint_means
from apps.core.errors import DomainError


class HoldExpired(DomainError):
    """The hold's time has passed by the database's clock, whether or not a sweep has run."""

    code = "HOLD_EXPIRED"
    status = HTTPStatus.GONE
    default_detail = "That hold has ended. The time may still be free: pick it again."


class HoldNotActive(DomainError):
    """The hold was released, or has become a booking."""

    code = "HOLD_NOT_ACTIVE"
    status = HTTPStatus.CONFLICT
    default_detail = "This hold has already been used or released."


class InvalidTransition(DomainError):
    """The booking's status does not lead there. `current` names it."""

    code = "INVALID_TRANSITION"
    status = HTTPStatus.CONFLICT
    default_detail = "The booking is no longer in a state that allows this."


class AlreadyBooked(DomainError):
    """The same customer has this very slot already."""

    code = "ALREADY_BOOKED"
    status = HTTPStatus.CONFLICT
    default_detail = "You already have this time."


class SelectionMismatch(DomainError):
    """The answers that were given lead to another service than the one that is held."""

    code = "SELECTION_MISMATCH"
    status = HTTPStatus.CONFLICT
    default_detail = "Your answers lead to another service. Please choose again."


constraint_means("booking_one_live_per_customer_and_slot", AlreadyBooked)
