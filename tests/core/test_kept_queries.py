"""A query that is built once answers as the queryset that it was built from."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.models import CalendarEvent, EventType, SlotInstance
from apps.availability.queries import SLOT, SLOTS
from apps.core.clock import app_now
from apps.core.kept_queries import KeptQuery, together
from tests.availability.support import at, take
from tests.factories.availability import PersonFactory, SlotFactory

pytestmark = pytest.mark.django_db


class TestKeptQuery:
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

    def test_answers_several_in_their_order(self) -> None:
        first, second = SlotFactory.create(), SlotFactory.create()

        assert together(
            (SLOT, (second.organization_id, second.id)),
            (SLOTS, (first.organization_id, [])),
            (SLOTS, (first.organization_id, [first.id])),
        ) == [[second], [], [first]]
        assert together((SLOTS, (first.organization_id, []))) == [[]]
