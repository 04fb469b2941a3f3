"""What the back office reads about bookings: when they are, how they are found, what happened to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import DateField, DateTimeField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from apps.audit.models import AuditEntry
from apps.availability.models import CalendarEvent
from apps.bookings.customers.reads import named
from apps.bookings.models import Booking
from apps.bookings.states import BookingStatus
from apps.core.phones import InvalidPhone, to_e164
from apps.organizations.models import Organization

STATUS_TONES = {
    BookingStatus.PENDING: "warning",
    BookingStatus.HELD: "info",
    BookingStatus.CONFIRMED: "success",
    BookingStatus.PENDING_CANCELLATION: "warning",
    BookingStatus.CHECKED_IN: "info",
    BookingStatus.BEING_SERVED: "info",
    BookingStatus.COMPLETED: "success",
    BookingStatus.NO_SHOW: "danger",
    BookingStatus.CANCELLED: "neutral",
    BookingStatus.WAITLISTED: "info",
    BookingStatus.EXPIRED: "neutral",
}

ACTIONS_IN_WORDS = {
    "bookings.hold.placed": "Held the time",
    "bookings.hold.released": "Gave the time back",
    "bookings.hold.expired": "The hold ran out",
    "bookings.booking.held": "Gave their name",
    "bookings.booking.confirmed": "Confirmed the booking",
    "bookings.booking.pending": "Asked for approval",
    "bookings.booking.expired": "The booking ran out unconfirmed",
    "bookings.booking.cancelled": "Cancelled the booking",
    "bookings.booking.rescheduled": "Moved the visit",
    "bookings.booking.checked_in": "Checked in",
    "bookings.order.placed": "Ordered",
    "bookings.order.paid": "Recorded the payment",
    "bookings.order.voided": "The order became void",
    "bookings.customer.viewed": "Looked at a customer",
    "bookings.customer.changed": "Changed a customer’s details",
    "bookings.customer.merged": "Merged two customers",
    "bookings.customer.exported": "Exported a customer’s data",
    "bookings.customer.erased": "Erased a customer",
    "flows.flow.published": "Published a flow",
    "organizations.api_key.revoked": "Revoked a key",
}


def action_in_words(action: str) -> str:
    """An audit entry's action as people say it."""
    if action in ACTIONS_IN_WORDS:
        return ACTIONS_IN_WORDS[action]
    *_, subject, verb = ["", *action.replace("_", " ").split(".")]
    return f"{subject} {verb}".strip().capitalize()


def with_days(bookings: QuerySet[Any]) -> QuerySet[Any]:
    """Bookings with `visit_date`, the day of the visit where it happens; None where it has no time yet."""
    return cast("QuerySet[Any]", bookings.annotate(visit_date=local_date(F("starts_at"))))


def local_date(moment: Any, *, zone: str = "location__timezone") -> Cast:
    """The calendar day of a moment in the zone that a column names."""
    return Cast(Func(F(zone), moment, function="timezone"), DateField())


def today_there(now: datetime, *, zone: str = "location__timezone") -> Cast:
    """Today's date in the zone that a column names; `now` is UTC."""
    return local_date(Value(now, output_field=DateTimeField()), zone=zone)


def find_customer(term: str, organizations: Iterable[Organization], *, prefix: str = "") -> Q:
    """The condition that finds a customer by a whole phone number or e-mail address, or words of a name.

    All of them are sealed; what is compared are keyed digests, which differ between organizations.
    """
    found = Q(pk__in=[])
    for organization in organizations:
        phone = _phone(term, organization.country)
        asked = {"email": term} if "@" in term else {"phone": phone} if phone else {"name": term}
        found |= Q(organization_id=organization.id) & named(organization.id, prefix=prefix, **asked)
    return found


def _phone(term: str, country: str) -> str | None:
    if sum(character.isdigit() for character in term) < 6:  # noqa: PLR2004  (no number is shorter)
        return None
    try:
        return to_e164(term, country=country)
    except InvalidPhone:
        return None


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a booking's history; `at` is UTC."""

    at: datetime
    words: str
    who: str
    old_status: str
    new_status: str
    metadata: dict[str, Any]


def history_of(organization_id: UUID, booking_id: UUID, hold_ids: Sequence[UUID]) -> list[Happening]:
    """What happened to a booking and the holds that it stands on, the oldest first."""
    entries = (
        AuditEntry.objects.for_organization(organization_id)
        .filter(Q(booking_id=booking_id) | Q(subject_id__in=list(hold_ids)))
        .order_by("at", "id")
    )
    return [
        Happening(
            at=entry.at,
            words=action_in_words(entry.action),
            who=entry.actor_label,
            old_status=status_label(entry.old.get("status")),
            new_status=status_label(entry.new.get("status")),
            metadata=entry.metadata,
        )
        for entry in entries
    ]


def status_label(status: Any) -> str:
    """A status in words; empty for none, itself where it is not one."""
    return str(BookingStatus(status).label) if status in BookingStatus.values else str(status or "")


def events_of(booking: Booking) -> list[CalendarEvent]:
    """Whose time a booking takes, in order."""
    return list(
        CalendarEvent.objects.for_organization(booking.organization_id)
        .filter(line__booking=booking)
        .select_related("resource", "line", "hold")
        .order_by("starts_at", "id")
    )


def parse_day(text: str | None) -> date | None:
    """A date as inputs send it, or None."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
