"""What follows what: the one map from an event to the reactions of higher layers.

Each event says for itself which reactions commit with it and which come after the commit, at least once.
A lower app never imports a higher one; this page is where they meet.
"""

from collections.abc import Mapping

from apps.availability.reactions import generate_after_rules_changed
from apps.bookings.measures import count_event
from apps.bookings.reactions import void_orders_of_nothing, void_unpaid_orders
from apps.bookings.waitlist.reactions import (
    free_unclaimed_time,
    lapse_offer,
    leave_with_booking,
    offer_freed_time,
)
from apps.core.events import Reactions
from apps.sessions.reactions import complete_session_of_booking

REACTIONS: Mapping[str, Reactions] = {
    "availability.rules_changed": Reactions(after_commit=[generate_after_rules_changed, offer_freed_time]),
    "booking.cancelled": Reactions(
        in_transaction=[void_orders_of_nothing, leave_with_booking],
        after_commit=[free_unclaimed_time, offer_freed_time, count_event],
    ),
    "booking.created": Reactions(after_commit=[count_event]),
    "booking.expired": Reactions(in_transaction=[void_unpaid_orders], after_commit=[count_event]),
    # A booking that waits for approval ends the visit as well; which of the two comes later changes nothing.
    "booking.confirmed": Reactions(after_commit=[complete_session_of_booking, count_event]),
    "booking.pending": Reactions(after_commit=[complete_session_of_booking, count_event]),
    "booking.rescheduled": Reactions(after_commit=[offer_freed_time]),
    "hold.expired": Reactions(in_transaction=[lapse_offer], after_commit=[offer_freed_time, count_event]),
    "hold.placed": Reactions(after_commit=[count_event]),
    "hold.released": Reactions(after_commit=[offer_freed_time, count_event]),
    "location.changed": Reactions(after_commit=[offer_freed_time]),
    "resource.changed": Reactions(after_commit=[offer_freed_time]),
    "resource.created": Reactions(after_commit=[offer_freed_time]),
    "time_off.changed": Reactions(after_commit=[offer_freed_time]),
    "waitlist.joined": Reactions(after_commit=[offer_freed_time]),
}
