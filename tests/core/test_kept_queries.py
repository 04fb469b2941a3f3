"""A query that is built once answers as the queryset that it was built from."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.availability.models import CalendarEvent, EventType, SlotInstance
from apps.availability.queries import SLOT, SLOTS
from apps.core.clock import app_now
from apps.core.kept_queries import KeptQuery
from tests.availability.support import at, take
from tests.factories.availability import PersonFactory, SlotFactory

pytestmark = pytest.mark.django_db


class TestKeptQuery:
    def test_is_planned_once_a_connection(self) -> None:
        slot = SlotFactory.create()
        oddly = KeptQuery(
            lambda slot_id: SlotInstance.objects.filter(id=slot_id).order_by("hold", "booked", "capacity")
        )

        for _ in range(3):
            assert oddly(slot.id) == [slot]

        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            kept = [text for (text,) in cursor.fetchall()]
        assert len([text for text in kept if '"hold" ASC' in text]) == 1
        # Nothing is prepared that does not ask for it.
        assert not [text for text in kept if "pg_prepared_statements" in text]

    def test_stays_so_through_rollbacks_and_changes_of_the_table(self) -> None:
        slot = SlotFactory.create()
        oddly = KeptQuery(
            lambda slot_id: SlotInstance.objects.filter(id=slot_id).order_by("booked", "capacity", "hold")
        )
        with suppress(DatabaseError), transaction.atomic():
            assert oddly(slot.id) == [slot]
            app_now()
            connection.cursor().execute("SELECT 1 / 0")

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE availability_slotinstance ADD COLUMN colour text")
        assert oddly(slot.id) == [slot]
        app_now()

        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            kept = [text for (text,) in cursor.fetchall()]
        assert len([text for text in kept if 'ORDER BY "availability_slotinstance"."booked"' in text]) == 1

    def test_gives_whole_instances_with_what_was_selected_beside_them(self) -> None:
        slot = SlotFactory.create()

        (found,) = SLOT(slot.organization_id, slot.id)

        assert [getattr(found, field.attname) for field in SlotInstance._meta.concrete_fields] == [
            getattr(slot, field.attname) for field in SlotInstance._meta.concrete_fields
        ]
        with CaptureQueriesContext(connection) as captured:
            assert (found.location, found.resource) == (slot.location, slot.resource)
        assert not captured.captured_queries

    def test_asks_with_the_values_of_each_call(self) -> None:
        first, second = SlotFactory.create(), SlotFactory.create()

        assert SLOT(first.organization_id, first.id) == [first]
        assert SLOT(second.organization_id, second.id) == [second]
        assert SLOT(first.organization_id, second.id) == []

    def test_takes_lists_of_any_length(self) -> None:
        slots = [SlotFactory.create() for _ in range(3)]
        organization_id = slots[0].organization_id
        others = [slot.id for slot in slots[1:]]

        assert SLOTS(organization_id, [slots[0].id, *others]) == [slots[0]]
        assert SLOTS(organization_id, [slots[0].id]) == [slots[0]]
        assert SLOTS(organization_id, []) == []

    def test_keeps_what_is_always_the_same_and_converts_what_comes_back(self) -> None:
        anna = PersonFactory.create(capacity=3)
        held = take(anna, at(0), party=2, expires_at=app_now() + timedelta(minutes=5))
        take(anna, at(0))
        holds = KeptQuery(
            lambda resource_id, moment: CalendarEvent.objects.filter(
                resource_id=resource_id, type=EventType.HOLD, expires_at__gt=moment
            )
        )

        (found,) = holds(anna.id, app_now())

        assert (found.id, found.lanes, found.occupied) == (held.id, (0, 1), held.occupied)
        assert holds(anna.id, app_now() + timedelta(minutes=5)) == []
        assert holds(uuid4(), app_now()) == []

    def test_asked_ahead_it_answers_whenever_it_is_wanted(self) -> None:
        first, second = SlotFactory.create(), SlotFactory.create()

        ours = SLOT.ask(second.organization_id, second.id)
        none = SLOTS.ask(first.organization_id, [])
        theirs = SLOTS.ask(first.organization_id, [first.id])

        assert (theirs.answer(), none.answer(), ours.answer()) == ([first], [], [second])
