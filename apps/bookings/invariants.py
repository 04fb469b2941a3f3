"""What must always hold between bookings, holds and the events by which they occupy time."""

from apps.core.invariants import Invariant, register

ACTIVE_HOLDS_OCCUPY = """
SELECT hold.id, format('is %s but has %s active events', hold.status, count(event.id))
FROM bookings_hold AS hold
LEFT JOIN availability_calendarevent AS event
  ON event.hold_id = hold.id AND event.active AND event.type = 'hold'
GROUP BY hold.id
HAVING (hold.status = 'active') <> (count(event.id) > 0)
"""
HOLD_AND_EVENT_AGREE = """
SELECT hold.id, 'expires at another time than its event'
FROM bookings_hold AS hold
JOIN availability_calendarevent AS event ON event.hold_id = hold.id AND event.active AND event.type = 'hold'
WHERE hold.expires_at <> event.expires_at
"""
HELD_BOOKINGS_HAVE_HOLDS = """
SELECT booking.id, format('is %s with %s active holds', booking.status, count(hold.id))
FROM bookings_booking AS booking
LEFT JOIN bookings_hold AS hold ON hold.booking_id = booking.id AND hold.status = 'active'
GROUP BY booking.id
HAVING (booking.status = 'held') <> (count(hold.id) > 0)
"""
BOOKED_TIME_OCCUPIES = """
SELECT booking.id, format('is %s with %s active events', booking.status, count(event.id))
FROM bookings_booking AS booking
LEFT JOIN availability_calendarevent AS event ON event.booking_id = booking.id AND event.active
GROUP BY booking.id
HAVING (booking.status IN ('confirmed', 'pending_cancellation', 'checked_in', 'being_served')
        AND count(event.id) = 0)
    OR (booking.status IN ('cancelled', 'expired') AND count(event.id) > 0)
"""
BOOKINGS_HAVE_LINES = """
SELECT booking.id, 'has no line'
FROM bookings_booking AS booking
WHERE NOT EXISTS (SELECT FROM bookings_bookingline AS line WHERE line.booking_id = booking.id)
"""


def register_invariants() -> None:
    """Called when the app is ready."""
    register(
        Invariant("active_holds_occupy", "Active holds occupy time, ended ones do not", ACTIVE_HOLDS_OCCUPY)
    )
    register(Invariant("hold_and_event_agree", "Holds end when their events do", HOLD_AND_EVENT_AGREE))
    register(Invariant("held_bookings_have_holds", "Held bookings stand on a hold", HELD_BOOKINGS_HAVE_HOLDS))
    register(
        Invariant("booked_time_occupies", "Booked time is taken, given-up time is not", BOOKED_TIME_OCCUPIES)
    )
    register(Invariant("bookings_have_lines", "Every booking says what for", BOOKINGS_HAVE_LINES))
