from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.sessions.models import BookingSessionEvent
from apps.sessions.sweeps import abandon_stale_sessions
from apps.sessions.tasks import abandon_stale_sessions as task
from apps.sessions.tasks import ensure_event_partitions
from tests.factories.sessions import abandoned_visit, new_visit, step_entered

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 14, 15, tzinfo=UTC)
SetNow = Callable[[datetime], None]


class TestAbandonStaleSessions:
    def test_ends_a_session_after_half_an_hour_of_silence(self, set_now: SetNow) -> None:
        visit = new_visit()
        visit.record(step_entered(visit.steps[2]))
        later = NOW + timedelta(minutes=30, seconds=1)
        set_now(later)
        assert abandon_stale_sessions() == 1
        visit.session.refresh_from_db()
        assert visit.session.status == "abandoned"
        assert visit.session.drop_off_step_id == visit.steps[2]
        assert visit.session.abandoned_at == later
        assert visit.session.last_activity_at == NOW
        event = BookingSessionEvent.objects.get(session=visit.session, event_type="session_abandoned")
        assert event.data == {"reason": "timeout"}

    def test_exactly_half_an_hour_is_not_too_long(self, set_now: SetNow) -> None:
        new_visit()
        set_now(NOW + timedelta(minutes=30))
        assert abandon_stale_sessions() == 0

    def test_an_event_keeps_a_session_alive(self, set_now: SetNow) -> None:
        visit = new_visit()
        set_now(NOW + timedelta(minutes=20))
        visit.record(step_entered(visit.steps[0]))
        set_now(NOW + timedelta(minutes=40))
        assert abandon_stale_sessions() == 0

    def test_finished_sessions_are_left_alone(self, set_now: SetNow) -> None:
        visit = abandoned_visit()
        set_now(NOW + timedelta(hours=1))
        assert abandon_stale_sessions() == 0
        visit.session.refresh_from_db()
        assert visit.session.last_sequence == 2

    def test_takes_the_longest_idle_first_up_to_the_limit(self, set_now: SetNow) -> None:
        older = new_visit()
        set_now(NOW + timedelta(minutes=1))
        newer = new_visit()
        set_now(NOW + timedelta(hours=1))
        assert abandon_stale_sessions(limit=1) == 1
        older.session.refresh_from_db()
        newer.session.refresh_from_db()
        assert (older.session.status, newer.session.status) == ("abandoned", "active")

    def test_the_task_does_the_same(self, set_now: SetNow) -> None:
        new_visit()
        set_now(NOW + timedelta(hours=1))
        assert task() == 1


class TestCommands:
    def test_abandons_by_hand(self, set_now: SetNow) -> None:
        new_visit()
        set_now(NOW + timedelta(minutes=10))
        out = StringIO()
        call_command("abandon_stale_sessions", "--minutes", "5", stdout=out)
        assert out.getvalue() == "Ended 1 sessions.\n"

    def test_refuses_no_time_at_all(self) -> None:
        with pytest.raises(CommandError, match="at least one minute"):
            call_command("abandon_stale_sessions", "--minutes", "0")

    def test_prepares_partitions_by_hand_and_says_so(self) -> None:
        out = StringIO()
        call_command("ensure_event_partitions", "--months-ahead", "0", stdout=out)
        assert out.getvalue() == "Created: booking_sessions_event_2030_01.\n"
        assert ensure_event_partitions()[0] == "booking_sessions_event_2030_02"
