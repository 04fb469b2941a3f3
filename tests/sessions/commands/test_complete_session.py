from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.bookings.events import BookingConfirmed
from apps.core import outbox
from apps.core.events import Message
from apps.core.ids import new_id
from apps.core.models import OutboxMessage
from apps.core.outbox import relay_batch
from apps.sessions.models import BookingSessionEvent
from apps.sessions.queries import replayed_state
from apps.sessions.reactions import complete_session_of_booking
from apps.sessions.snapshots import state_of
from tests.factories.organizations import OrganizationFactory
from tests.factories.sessions import Visit, abandoned_visit, event_json, new_visit, step_entered

pytestmark = pytest.mark.django_db
STARTS = datetime(2030, 1, 15, 16, tzinfo=UTC)


def confirmation(visit: Visit, **changes: Any) -> Message:
    """The outbox's message of a booking that was confirmed in this visit."""
    event = BookingConfirmed(
        organization_id=visit.session.organization_id,
        booking_id=new_id(),
        location_id=new_id(),
        session_id=visit.session.id,
        service_ids=(new_id(),),
        resource_ids=(new_id(),),
        starts_at=STARTS,
        ends_at=STARTS + timedelta(minutes=90),
    )
    return Message(
        id=new_id(),
        organization_id=visit.session.organization_id,
        name=event.name,
        payload={**event.payload(), **changes},
    )


class TestCompletion:
    def test_the_session_ends_with_the_booking(self) -> None:
        visit = new_visit()
        visit.record(step_entered(visit.steps[5]))
        message = confirmation(visit)
        complete_session_of_booking(message)
        visit.session.refresh_from_db()
        assert visit.session.status == "completed"
        assert str(visit.session.booking_id) == message.payload["booking_id"]
        assert str(visit.session.selected_service_id) == message.payload["service_ids"][0]
        assert visit.session.selected_timeslot_start == STARTS
        assert state_of(visit.session) == replayed_state(visit.session)

    def test_a_message_that_is_delivered_twice_counts_once(self) -> None:
        visit = new_visit()
        message = confirmation(visit)
        complete_session_of_booking(message)
        complete_session_of_booking(message)
        assert BookingSessionEvent.objects.filter(session=visit.session).count() == 1

    def test_a_session_that_was_taken_for_abandoned_is_completed(self) -> None:
        visit = abandoned_visit()
        complete_session_of_booking(confirmation(visit))
        visit.session.refresh_from_db()
        assert visit.session.status == "completed"
        assert visit.session.abandoned_at is None

    def test_without_a_service_the_chosen_one_stands(self) -> None:
        visit = new_visit()
        service_id = uuid4()
        visit.record(event_json("service_selected", service_id=service_id, node_id=uuid4()))
        complete_session_of_booking(confirmation(visit, service_ids=[]))
        visit.session.refresh_from_db()
        assert visit.session.selected_service_id == service_id

    def test_a_second_booking_is_recorded_and_changes_nothing(self) -> None:
        visit = new_visit()
        first = confirmation(visit)
        complete_session_of_booking(first)
        complete_session_of_booking(confirmation(visit))
        visit.session.refresh_from_db()
        assert str(visit.session.booking_id) == first.payload["booking_id"]
        assert visit.session.last_sequence == 2

    def test_a_booking_by_staff_has_no_session(self) -> None:
        complete_session_of_booking(confirmation(new_visit(), session_id=None))
        assert not BookingSessionEvent.objects.exists()

    def test_a_session_that_is_gone_or_another_tenants_is_passed_over(self) -> None:
        visit = new_visit()
        complete_session_of_booking(confirmation(visit, session_id=str(uuid4())))
        complete_session_of_booking(confirmation(visit, organization_id=str(OrganizationFactory.create().id)))
        assert not BookingSessionEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["booking.confirmed", "booking.pending"])
def test_the_relay_brings_a_confirmation_to_its_session(name: str) -> None:
    visit = new_visit()
    message = confirmation(visit)
    OutboxMessage.objects.create(
        organization_id=message.organization_id,
        name=name,
        payload=message.payload,
        created_at=STARTS - timedelta(days=2),
        available_at=STARTS - timedelta(days=2),
    )
    outbox.reactions.cache_clear()
    relay_batch()
    visit.session.refresh_from_db()
    assert visit.session.status == "completed"
