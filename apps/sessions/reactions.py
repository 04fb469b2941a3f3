"""What sessions do when something happens in a lower layer."""

import logging
from datetime import datetime
from uuid import UUID

from apps.core.actors import Actor
from apps.core.errors import NotFound
from apps.core.events import Message
from apps.sessions.commands.complete_session import ConfirmedBooking, complete_session

logger = logging.getLogger(__name__)


def complete_session_of_booking(message: Message) -> None:
    """After `booking.confirmed` or `booking.pending`: complete the visitor's session. May come twice.

    A booking that staff made has no session, and of one whose session is gone there is nothing to tell.
    """
    payload = message.payload
    if payload["session_id"] is None:
        return
    booking = ConfirmedBooking(
        booking_id=UUID(payload["booking_id"]),
        service_id=UUID(payload["service_ids"][0]) if payload["service_ids"] else None,
        starts_at=datetime.fromisoformat(payload["starts_at"]),
        ends_at=datetime.fromisoformat(payload["ends_at"]),
    )
    try:
        complete_session(
            actor=Actor.system(UUID(payload["organization_id"])),
            session_id=UUID(payload["session_id"]),
            booking=booking,
        )
    except NotFound:
        logger.warning("booking %s names a session that does not exist", booking.booking_id)
