"""What must always hold between bookings, holds and the events by which they occupy time."""

from apps.core.invariants import Invariant, register

# A booking of these statuses has its time; a pending one has it unless it is queued.
OCCUPYING = """
(booking.status IN ('confirmed', 'pending_cancellation', 'checked_in', 'being_served')
 OR (booking.status = 'pending' AND booking.starts_at IS NOT NULL))
"""

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
# Also the freed events of a lapsed visit whose other half nobody has swept yet.
HOLD_SPANS_ITS_EVENTS = """
SELECT hold.id, format('is from %s to %s, its events from %s to %s',
                       hold.starts_at, hold.ends_at, min(event.starts_at), max(event.ends_at))
FROM bookings_hold AS hold
JOIN availability_calendarevent AS event ON event.hold_id = hold.id
WHERE hold.status = 'active'
GROUP BY hold.id
HAVING (hold.starts_at, hold.ends_at) IS DISTINCT FROM (min(event.starts_at), max(event.ends_at))
"""
CONVERTED_HOLDS_ARE_BOOKED = """
SELECT hold.id, format('is booked, but its event %s is %s of booking %s',
                       event.id, event.type, coalesce(event.booking_id::text, 'none'))
FROM bookings_hold AS hold
JOIN availability_calendarevent AS event ON event.hold_id = hold.id
WHERE hold.status = 'converted'
  AND (event.type <> 'customer' OR event.booking_id IS DISTINCT FROM hold.booking_id)
"""
HELD_BOOKINGS_HAVE_HOLDS = """
SELECT booking.id, format('is %s with %s active holds', booking.status, count(hold.id))
FROM bookings_booking AS booking
LEFT JOIN bookings_hold AS hold ON hold.booking_id = booking.id AND hold.status = 'active'
GROUP BY booking.id
HAVING (booking.status = 'held') <> (count(hold.id) > 0)
"""
BOOKED_TIME_OCCUPIES = f"""
SELECT booking.id, format('is %s with %s active events', booking.status, count(event.id))
FROM bookings_booking AS booking
LEFT JOIN availability_calendarevent AS event ON event.booking_id = booking.id AND event.active
GROUP BY booking.id
HAVING ({OCCUPYING} AND count(event.id) = 0)
    OR (booking.status IN ('cancelled', 'expired') AND count(event.id) > 0)
    OR (booking.status = 'pending' AND booking.starts_at IS NULL AND count(event.id) > 0)
"""  # noqa: S608  (our own words)
BOOKING_SPANS_ITS_EVENTS = f"""
SELECT booking.id, format('is from %s to %s, its events from %s to %s', booking.starts_at, booking.ends_at,
                          min(event.starts_at), max(event.ends_at))
FROM bookings_booking AS booking
JOIN availability_calendarevent AS event ON event.booking_id = booking.id AND event.active
WHERE {OCCUPYING}
GROUP BY booking.id
HAVING (booking.starts_at, booking.ends_at) IS DISTINCT FROM (min(event.starts_at), max(event.ends_at))
"""  # noqa: S608  (our own words)
HELD_BOOKING_SPANS_ITS_HOLDS = """
SELECT booking.id, format('is from %s to %s, its holds from %s to %s', booking.starts_at, booking.ends_at,
                          min(hold.starts_at), max(hold.ends_at))
FROM bookings_booking AS booking
JOIN bookings_hold AS hold ON hold.booking_id = booking.id AND hold.status = 'active'
WHERE booking.status = 'held'
GROUP BY booking.id
HAVING (booking.starts_at, booking.ends_at) IS DISTINCT FROM (min(hold.starts_at), max(hold.ends_at))
"""
BOOKINGS_HAVE_LINES = """
SELECT booking.id, 'has no line'
FROM bookings_booking AS booking
WHERE NOT EXISTS (SELECT FROM bookings_bookingline AS line WHERE line.booking_id = booking.id)
"""
BOOKED_LINES_HAVE_TIME = f"""
SELECT line.id, format('of booking %s, which is %s, has no time of its own with its resource',
                       booking.reference, booking.status)
FROM bookings_bookingline AS line
JOIN bookings_booking AS booking ON booking.id = line.booking_id
WHERE {OCCUPYING}
  AND NOT EXISTS (
      SELECT FROM availability_calendarevent AS event
      WHERE event.line_id = line.id AND event.active AND event.resource_id = line.resource_id
  )
"""  # noqa: S608  (our own words)
LINES_OF_ONE_BOOKING = """
SELECT line.id, format('is of booking %s, its hold or event of %s', line.booking_id, other.booking_id)
FROM bookings_bookingline AS line
JOIN LATERAL (
    SELECT hold.booking_id FROM bookings_hold AS hold WHERE hold.id = line.hold_id
    UNION
    SELECT event.booking_id FROM availability_calendarevent AS event WHERE event.line_id = line.id
) AS other ON other.booking_id IS NOT NULL
WHERE other.booking_id IS DISTINCT FROM line.booking_id
"""

INVARIANTS = [
    Invariant("active_holds_occupy", "Active holds occupy time, ended ones do not", ACTIVE_HOLDS_OCCUPY),
    Invariant("hold_and_event_agree", "Holds end when their events do", HOLD_AND_EVENT_AGREE),
    Invariant("hold_spans_its_events", "Holds begin and end with their events", HOLD_SPANS_ITS_EVENTS),
    Invariant("converted_holds_are_booked", "What was held is the customer's", CONVERTED_HOLDS_ARE_BOOKED),
    Invariant("held_bookings_have_holds", "Held bookings stand on a hold", HELD_BOOKINGS_HAVE_HOLDS),
    Invariant("booked_time_occupies", "Booked time is taken, given-up time is not", BOOKED_TIME_OCCUPIES),
    Invariant(
        "booking_spans_its_events", "Bookings begin and end with their visits", BOOKING_SPANS_ITS_EVENTS
    ),
    Invariant(
        "held_booking_spans_its_holds",
        "Held bookings begin and end with their holds",
        HELD_BOOKING_SPANS_ITS_HOLDS,
    ),
    Invariant("bookings_have_lines", "Every booking says what for", BOOKINGS_HAVE_LINES),
    Invariant("booked_lines_have_time", "Every service that is booked has its time", BOOKED_LINES_HAVE_TIME),
    Invariant("lines_of_one_booking", "No line is of two bookings", LINES_OF_ONE_BOOKING),
]


def register_invariants() -> None:
    """Called when the app is ready."""
    for invariant in INVARIANTS:
        register(invariant)
