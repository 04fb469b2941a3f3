"""What must always hold of events and slots."""

from apps.availability.time_off.invariants import OF_LIVE_TIME_OFF, badly_covered
from apps.core.invariants import Invariant, register

# Time -infinity, because counters are a function of the active events alone (see the migration).
COUNTERS_MATCH = """
SELECT slot.id,
       format('stored %s/%s/%s, recomputed %s/%s/%s', slot.booked, slot.hold, slot.status,
              counted.booked, counted.hold, counted.status)
FROM availability_slotinstance AS slot,
     LATERAL availability_counters(
         slot.resource_id, slot.start_at, slot.end_at, slot.capacity, slot.closed, '-infinity'
     ) AS counted
WHERE (slot.booked, slot.hold, slot.status) IS DISTINCT FROM (counted.booked, counted.hold, counted.status)
"""
# The resources as the exclusion constraint has them: its index then finds one calendar's neighbours only.
ONE_EVENT_A_LANE = """
SELECT one.id, format('shares a lane with %s', other.id)
FROM availability_calendarevent AS one
JOIN availability_calendarevent AS other
  ON uuidrange(other.resource_id, other.resource_id, '[]')
     && uuidrange(one.resource_id, one.resource_id, '[]')
 AND one.id < other.id AND one.occupied && other.occupied AND one.lanes && other.lanes
WHERE one.active AND other.active
"""
# Only from now on: what was booked before the capacity was lowered was right then.
LANES_WITHIN_CAPACITY = """
SELECT event.id, format('lanes %s of a resource of %s', event.lanes, resource.capacity)
FROM availability_calendarevent AS event
JOIN availability_resource AS resource ON resource.id = event.resource_id
WHERE event.active AND upper(event.lanes) > resource.capacity AND upper(event.occupied) > app_now()
"""


def register_invariants() -> None:
    """Called when the app is ready."""
    register(Invariant("counters_match", "Slots' counters are what the events say", COUNTERS_MATCH))
    register(Invariant("one_event_a_lane", "No two events share a lane at one moment", ONE_EVENT_A_LANE))
    register(Invariant("lanes_within_capacity", "Lanes lie within capacity", LANES_WITHIN_CAPACITY))
    register(Invariant("time_off_is_live", "Events of time off belong to one that is on", OF_LIVE_TIME_OFF))
    register(Invariant("time_off_is_covered", "Time off covers what it should, no more", badly_covered))
