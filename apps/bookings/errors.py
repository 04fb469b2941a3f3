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


class TooManyHolds(DomainError):
    """The visitor has reserved as many times as one may at once: `limit`."""

    code = "TOO_MANY_HOLDS"
    status = HTTPStatus.CONFLICT
    default_detail = "You have reserved as many times as you can at once. Give one of them back first."


class HoldRefreshLimit(DomainError):
    """The hold was given more time as often as it can be: `limit`."""

    code = "HOLD_REFRESH_LIMIT"
    status = HTTPStatus.CONFLICT
    default_detail = "This time can't be kept any longer. Please finish before it runs out."


class BookingHasNoTime(DomainError):
    """The booking is queued: it says what for, and not yet when."""

    code = "BOOKING_HAS_NO_TIME"
    status = HTTPStatus.CONFLICT
    default_detail = "This booking has no time yet. Schedule it first."


class BookingHasTime(DomainError):
    """The booking is not queued any more."""

    code = "BOOKING_HAS_TIME"
    status = HTTPStatus.CONFLICT
    default_detail = "This booking has a time already. Reschedule it instead."


class StaffOnly(DomainError):
    """The business itself does this, by its staff or its secret key; no visitor does."""

    code = "STAFF_ONLY"
    status = HTTPStatus.FORBIDDEN
    default_detail = "Only the business itself can do this."


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


class ManageLinkInvalid(DomainError):
    """The link to a booking is unknown or was revoked; which of the two, nobody is told."""

    code = "MANAGE_LINK_INVALID"
    status = HTTPStatus.NOT_FOUND
    default_detail = "This link does not work any more. Ask the business for a new one."


class MixedCurrencies(DomainError):
    """What is checked out together has prices in several currencies, which `currencies` names."""

    code = "MIXED_CURRENCIES"
    status = HTTPStatus.CONFLICT
    default_detail = "These prices are in different currencies. Book them one after the other."


class PaymentAwaited(DomainError):
    """The booking is confirmed by its payment, and by nothing else."""

    code = "PAYMENT_AWAITED"
    status = HTTPStatus.CONFLICT
    default_detail = "This booking is confirmed as soon as it has been paid."


class PaymentTooLate(DomainError):
    """The time was kept for the payment for a while only, and that is over. `hold_ids` names what ended."""

    code = "PAYMENT_TOO_LATE"
    status = HTTPStatus.GONE
    default_detail = (
        "The time was kept for this payment only for a while, and is free again. "
        "Book anew if it is still free, and give back what was paid."
    )


class OrderVoid(DomainError):
    """The order was called off, or its payment came too late before."""

    code = "ORDER_VOID"
    status = HTTPStatus.CONFLICT
    default_detail = "This order is void: nothing of it is booked any more. Give back what was paid."


class PhoneInUse(DomainError):
    """Another customer of the organization has this phone number."""

    code = "PHONE_IN_USE"
    status = HTTPStatus.CONFLICT
    default_detail = "Another customer has this phone number. The business can put the two together."


class CustomerGone(DomainError):
    """The customer was erased, or became part of another, whom `merged_into` names."""

    code = "CUSTOMER_GONE"
    status = HTTPStatus.CONFLICT
    default_detail = "This customer was erased."


class CustomerHasBookings(DomainError):
    """Somebody who still comes is not erased. `references` names their bookings."""

    code = "CUSTOMER_HAS_BOOKINGS"
    status = HTTPStatus.CONFLICT
    default_detail = "This customer still has a visit to come. Cancel it first, or erase them after it."


class CustomersHaveAccounts(DomainError):
    """Each of the two signs in with an account of their own."""

    code = "CUSTOMERS_HAVE_ACCOUNTS"
    status = HTTPStatus.CONFLICT
    default_detail = "Both sign in with an account of their own, so they are two people. Nothing was merged."


constraint_means("customer_one_per_phone", PhoneInUse)
