"""How a visit really goes follows from what becomes of its booking (seed 004). Callers hold the locks."""

from collections.abc import Mapping
from datetime import datetime

from apps.bookings.models import Booking, ServiceSession
from apps.bookings.states import BookingStatus, ServiceSessionStatus

# What the visit is once its booking has this status, and which moment that notes.
FOLLOWS: Mapping[str, tuple[ServiceSessionStatus, str | None]] = {
    BookingStatus.PENDING: (ServiceSessionStatus.SCHEDULED, None),
    BookingStatus.CONFIRMED: (ServiceSessionStatus.SCHEDULED, None),
    BookingStatus.PENDING_CANCELLATION: (ServiceSessionStatus.SCHEDULED, None),
    BookingStatus.CHECKED_IN: (ServiceSessionStatus.CHECKED_IN, "checked_in_at"),
    BookingStatus.BEING_SERVED: (ServiceSessionStatus.BEING_SERVED, "serving_since"),
    BookingStatus.COMPLETED: (ServiceSessionStatus.COMPLETED, "completed_at"),
    BookingStatus.NO_SHOW: (ServiceSessionStatus.NO_SHOW, "ended_at"),
    BookingStatus.CANCELLED: (ServiceSessionStatus.CANCELLED, "ended_at"),
}


def follow_booking(booking: Booking, *, now: datetime) -> ServiceSession | None:
    """Bring the record of the visit to what its locked booking says; None where there is no record yet."""
    session = ServiceSession.objects.for_organization(booking.organization_id).filter(booking=booking).first()
    if session is None or booking.status not in FOLLOWS:
        return session
    status, moment = FOLLOWS[booking.status]
    session.status, session.planned_start = status, booking.starts_at
    fields = ["status", "planned_start", "updated_at"]
    if moment is not None:
        setattr(session, moment, now)
        fields.append(moment)
    session.save(update_fields=fields)
    return session
