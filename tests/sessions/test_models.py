"""What PostgreSQL itself refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from apps.core.constraints import violated_constraint
from apps.core.ids import new_id
from apps.sessions.models import BookingSession, BookingSessionEvent
from apps.sessions.partitions import ensure_event_partitions
from apps.sessions.snapshots import view_of
from apps.sessions.types import is_abandoned_session, is_active_session, is_completed_session
from tests.factories.sessions import abandoned_visit, new_visit, step_entered

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 14, 15, tzinfo=UTC)
COMPLETED: dict[str, Any] = {
    "status": "completed",
    "completed_at": NOW,
    "booking_id": UUID(int=1),
    "selected_timeslot_start": NOW,
    "selected_timeslot_end": NOW + timedelta(hours=1),
}


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"status": "paused"}, "session_status_is_known"),
        ({"booking_id": UUID(int=1)}, "session_active_has_no_outcome"),
        ({"drop_off_step_id": UUID(int=1)}, "session_active_has_no_outcome"),
        ({"status": "abandoned"}, "session_abandoned_has_its_time"),
        ({**COMPLETED, "booking_id": None}, "session_completed_has_its_booking"),
        ({**COMPLETED, "abandoned_at": NOW}, "session_completed_has_its_booking"),
        ({**COMPLETED, "selected_timeslot_end": None}, "session_timeslot_is_whole"),
        ({**COMPLETED, "selected_timeslot_end": NOW}, "session_timeslot_is_whole"),
        ({**COMPLETED, "temp_selections": {"service_id": None}}, "session_finished_has_nothing_temporary"),
        ({"recent_event_ids": [UUID(int=n) for n in range(51)]}, "session_window_is_bounded"),
    ],
    ids=str,
)
def test_a_session_out_of_shape_is_refused(columns: dict[str, Any], constraint: str) -> None:
    session = new_visit().session
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        BookingSession.objects.filter(id=session.id).update(**columns)
    assert violated_constraint(caught.value) == constraint


def test_a_completed_session_is_taken() -> None:
    session = new_visit().session
    assert BookingSession.objects.filter(id=session.id).update(**COMPLETED) == 1


class TestTypedViews:
    def test_an_active_session_is_only_active(self) -> None:
        view = view_of(new_visit().session)
        assert is_active_session(view)
        assert not is_completed_session(view)
        assert not is_abandoned_session(view)

    def test_an_abandoned_session_says_where_it_was_left(self) -> None:
        visit = abandoned_visit()
        view = view_of(visit.session)
        assert is_abandoned_session(view)
        assert view.drop_off_step_id == visit.steps[0]

    def test_a_completed_session_names_its_booking(self) -> None:
        session = new_visit().session
        session.set_columns(COMPLETED)
        view = view_of(session)
        assert is_completed_session(view)
        assert view.booking_id == UUID(int=1)
        assert view.selected_timeslot.start_at == NOW


class TestEventsAreAppendOnly:
    def test_update_is_refused(self) -> None:
        visit = new_visit()
        visit.record(step_entered(visit.steps[0]))
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            BookingSessionEvent.objects.filter(session=visit.session).update(data={})

    def test_delete_is_refused(self) -> None:
        visit = new_visit()
        visit.record(step_entered(visit.steps[0]))
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            BookingSessionEvent.objects.filter(session=visit.session).delete()

    def test_the_client_id_and_the_sequence_are_unique_in_a_session(self) -> None:
        visit = new_visit()
        visit.record(step_entered(visit.steps[0]))
        first = BookingSessionEvent.objects.get(session=visit.session)
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            insert_event(visit.session, sequence=2, client_event_id=first.client_event_id)
        assert "once_per_client_id" in caught.value.args[0] or "client_event_id" in caught.value.args[0]
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_event(visit.session, sequence=1, client_event_id=uuid4())


def insert_event(session: BookingSession, **columns: Any) -> None:
    BookingSessionEvent.objects.create(
        session=session,
        organization_id=session.organization_id,
        event_type="session_started",
        timestamp=NOW,
        received_at=NOW,
        **columns,
    )


def partition_of(session_id: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM booking_sessions_bookingsessionevent WHERE session_id = %s",
            [session_id],
        )
        return str(cursor.fetchone()[0])


class TestPartitions:
    """The stopped clock says January 2030; the ids of sessions carry the machine's own month."""

    def test_creates_this_month_and_the_coming_ones_once(self) -> None:
        assert ensure_event_partitions() == [
            f"booking_sessions_event_2030_{month:02}" for month in (1, 2, 3, 4)
        ]
        assert ensure_event_partitions() == []

    def test_an_event_of_a_prepared_month_goes_to_its_partition(self) -> None:
        visit = new_visit()
        visit.record(step_entered(visit.steps[0]))
        born = datetime.fromtimestamp((visit.session.id.int >> 80) / 1000, tz=UTC)
        assert partition_of(visit.session.id) == f"booking_sessions_event_{born:%Y_%m}"

    def test_rows_of_a_month_that_began_without_its_partition_move_into_it(self) -> None:
        visit = new_visit()
        session_id = id_of_month(2030, 1)
        BookingSession.objects.filter(id=visit.session.id).update(id=session_id)
        session = BookingSession.objects.get(id=session_id)
        insert_event(session, sequence=1, client_event_id=uuid4())
        assert partition_of(session_id) == "booking_sessions_event_default"

        ensure_event_partitions()

        assert partition_of(session_id) == "booking_sessions_event_2030_01"
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            BookingSessionEvent.objects.filter(session=session).delete()

    def test_the_default_partition_goes_on_taking_what_no_month_takes(self) -> None:
        ensure_event_partitions()
        session_id = id_of_month(2031, 6)
        visit = new_visit()
        BookingSession.objects.filter(id=visit.session.id).update(id=session_id)
        insert_event(BookingSession.objects.get(id=session_id), sequence=1, client_event_id=new_id())
        assert partition_of(session_id) == "booking_sessions_event_default"
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            BookingSessionEvent.objects.filter(session_id=session_id).delete()


def id_of_month(year: int, month: int) -> UUID:
    """A UUIDv7 that was made in the middle of this month."""
    milliseconds = int(datetime(year, month, 15, tzinfo=UTC).timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | uuid4().int >> 70)
