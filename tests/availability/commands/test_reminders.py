"""Notes in a calendar."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.availability.commands.add_reminder import add_reminder
from apps.availability.commands.cancel_reminder import cancel_reminder
from apps.availability.models import CalendarEvent, Resource
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from tests.availability.support import at
from tests.availability.time_off.support import staff
from tests.bookings.support import book
from tests.factories.availability import PersonFactory, SlotFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Resource:
    return PersonFactory()


def remind(resource: Resource, **parts: Any) -> CalendarEvent:
    given: dict[str, Any] = {
        "actor": staff(resource),
        "resource_id": resource.id,
        "starts_at": at(0).start,
        "note": "Call the supplier",
    }
    return add_reminder(**given | parts)


class TestReminders:
    def test_occupy_nothing(self, anna: Resource) -> None:
        slot = SlotFactory(resource=anna)
        reminder = remind(anna)

        assert book(slot).status == "confirmed"
        assert (reminder.active, reminder.ends_at - reminder.starts_at) == (False, timedelta(minutes=15))
        assert list(find_violations()) == []

    def test_may_be_for_everybody(self, anna: Resource) -> None:
        assert remind(anna, resource_id=None).resource is None

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("note", {"note": "  "}),
            ("note", {"note": "x" * 121}),
            ("length", {"length": timedelta(0)}),
            ("starts_at", {"starts_at": datetime(2030, 1, 14)}),  # noqa: DTZ001  (that is the mistake)
        ],
    )
    def test_say_which_value_is_wrong(self, anna: Resource, field: str, values: dict[str, Any]) -> None:
        with pytest.raises(InvalidInput) as caught:
            remind(anna, **values)

        assert list(caught.value.data["errors"]) == [field]

    def test_go_and_the_log_remembers_them_without_their_text(self, anna: Resource) -> None:
        reminder_id = remind(anna, note="Ask Ada about her knee").id

        cancel_reminder(actor=staff(anna), event_id=reminder_id)

        assert not CalendarEvent.objects.filter(id=reminder_id).exists()
        entries = AuditEntry.objects.filter(subject_type="availability.reminder")
        assert {entry.action for entry in entries} == {
            "availability.reminder.added",
            "availability.reminder.cancelled",
        }
        assert "knee" not in " ".join(f"{entry.old} {entry.new} {entry.metadata}" for entry in entries)

    def test_are_nobody_elses(self, anna: Resource) -> None:
        stranger = Actor.system(new_id())
        reminder = remind(anna)
        with pytest.raises(NotFound):
            remind(anna, actor=stranger)
        with pytest.raises(NotFound):
            cancel_reminder(actor=stranger, event_id=reminder.id)

    def test_are_the_only_events_that_go_so(self, anna: Resource) -> None:
        booked = book(SlotFactory(resource=anna))
        with pytest.raises(NotFound):
            cancel_reminder(actor=staff(anna), event_id=CalendarEvent.objects.get(booking=booked).id)
