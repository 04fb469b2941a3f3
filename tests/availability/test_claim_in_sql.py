"""The claim rule in SQL says what its reference in Python says."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import TimestamptzRange

from apps.availability.fields import Lanes, from_multirange
from apps.availability.lanes import Occupant, Period, connected, peak_in_use, place
from apps.availability.models import CalendarEvent, EventType, Resource
from apps.core.clock import app_now
from tests.availability.support import at
from tests.factories.availability import PersonFactory

pytestmark = pytest.mark.django_db

periods = st.builds(lambda start, length: at(start * 10, length * 10), st.integers(0, 12), st.integers(1, 6))
parties = st.integers(1, 4)
claims = st.tuples(periods, parties, st.integers(1, 6))


def fill(resource: Resource, wanted: list[tuple[Period, int, bool]]) -> list[Occupant]:
    """Seat these where they fit, then let those go that only came to leave holes."""
    seated: list[Occupant] = []
    leaving = set()
    for period, party, stays in wanted:
        found = place(connected(seated, period), period=period, party=party, capacity=resource.capacity)
        if found is None or found.moved:
            continue
        seated.append(Occupant(uuid4(), period, found.lanes))
        if not stays:
            leaving.add(seated[-1].id)
    left = [occupant for occupant in seated if occupant.id not in leaving]
    CalendarEvent.objects.bulk_create(_event(resource, occupant) for occupant in left)
    return left


def _event(resource: Resource, occupant: Occupant) -> CalendarEvent:
    period = occupant.period
    return CalendarEvent(
        id=occupant.id,
        organization_id=resource.organization_id,
        resource=resource,
        type=EventType.MEETING,
        starts_at=period.start,
        ends_at=period.end,
        occupied=TimestamptzRange(period.start, period.end),
        lanes=occupant.lanes,
        lane_limit=resource.capacity,
    )


def claimed(
    resource: Resource, period: Period, party: int, *, limit: int | None = None, is_visit: bool = False
) -> tuple[str, Lanes | None]:
    """What SQL answers."""
    occupied = TimestamptzRange(period.start, period.end)
    values: list[Any] = [resource.id, occupied, occupied, party, limit, is_visit, occupied]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, given FROM availability_claim(%s, %s, %s, %s::int, %s::int, %s, %s, app_now())",
            values,
        )
        outcome, lanes = cursor.fetchone()
    return outcome, None if lanes is None else from_multirange(lanes)


def expected(
    seated: list[Occupant], period: Period, party: int, *, capacity: int, limit: int | None = None
) -> tuple[str, Lanes | None]:
    """What the reference answers."""
    if limit is not None and peak_in_use(seated, period) + party > limit:
        return "full", None
    found = place(connected(seated, period), period=period, party=party, capacity=capacity)
    if found is None:
        return "full", None
    return ("repack", None) if found.moved else ("taken", found.lanes)


class TestClaim:
    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        capacity=st.integers(1, 5),
        wanted=st.lists(st.tuples(periods, parties, st.booleans()), max_size=14),
        questions=st.lists(claims, min_size=1, max_size=8),
    )
    def test_answers_as_the_reference_does(
        self,
        capacity: int,
        wanted: list[tuple[Period, int, bool]],
        questions: list[tuple[Period, int, int]],
    ) -> None:
        resource = PersonFactory(capacity=capacity)
        seated = fill(resource, wanted)

        for period, party, limit in questions:
            assert claimed(resource, period, party) == expected(seated, period, party, capacity=capacity)
            assert claimed(resource, period, party, limit=limit) == expected(
                seated, period, party, capacity=capacity, limit=limit
            )

    def test_asks_for_new_places_where_no_lane_runs_free_through_it_all(self) -> None:
        resource = PersonFactory(capacity=2)
        for occupant in [Occupant(uuid4(), at(0, 30), (0,)), Occupant(uuid4(), at(30, 30), (1,))]:
            _event(resource, occupant).save()

        assert claimed(resource, at(0, 60), 1) == ("repack", None)

    @pytest.mark.parametrize(("left", "outcome"), [(1, "taken"), (-1, "taken"), (None, "full")])
    def test_a_cap_counts_what_lives_on_the_day(self, left: int | None, outcome: str) -> None:
        """A hold that has lapsed is no visit; one more than the cap is too many."""
        resource = PersonFactory(capacity=3, daily_cap=2)
        now = app_now()
        ends = [timedelta(minutes=5), timedelta(minutes=5 if left is None else left)]
        for number, until in enumerate(ends[: 1 if left == 1 else 2]):
            event = _event(resource, Occupant(uuid4(), at(0), (number,)))
            event.type, event.expires_at = EventType.HOLD, now + until
            event.save()

        assert claimed(resource, at(0), 1, is_visit=True)[0] == outcome
