"""What the database itself refuses of rules, and what the invariants find."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from apps.availability.models import CalendarEvent, Resource, SlotInstance
from apps.core.invariants import find_violations
from tests.availability.support import at, slots_every, take
from tests.factories.availability import LocationFactory, PersonFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db


class TestIndexes:
    @pytest.mark.parametrize("model", [SlotInstance, CalendarEvent])
    def test_none_is_the_beginning_of_another(self, model: type[Model]) -> None:
        """Each is paid for at every row that generation writes."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT relname, string_to_array(indkey::text, ' ')
                FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                WHERE indrelid = %s::regclass AND indpred IS NULL AND indexprs IS NULL
                """,
                [model._meta.db_table],
            )
            columns = dict(cursor.fetchall())

        assert columns
        assert [
            (name, other)
            for name, of_this in columns.items()
            for other, of_that in columns.items()
            if name != other and of_that[: len(of_this)] == of_this
        ] == []


class TestRules:
    @pytest.mark.parametrize(
        ("constraint", "wrong"),
        [
            ("rule_kind_is_known", {"rule_kind": "MONTHLY", "valid_from": date(2030, 1, 1)}),
            ("rule_says_when_it_holds", {"days_of_week": None}),
            ("rule_says_when_it_holds", {"days_of_week": []}),
            ("rule_exception_ends", {"rule_kind": "EXCEPTION", "valid_from": date(2030, 1, 15)}),
            ("rule_says_when_it_holds", {"rule_kind": "DATE_RANGE", "days_of_week": None}),
            ("rule_days_are_1_to_7", {"days_of_week": [0]}),
            ("rule_days_are_1_to_7", {"days_of_week": [1, 8]}),
            ("rule_validity_in_order", {"valid_from": date(2030, 1, 2), "valid_to": date(2030, 1, 1)}),
            ("rule_slots_are_possible", {"slot_capacity": 0}),
            ("rule_slots_are_possible", {"slot_granularity_minutes": 0}),
            ("rule_slots_are_possible", {"slot_duration_minutes": 0}),
            ("rule_slots_are_possible", {"slot_duration_minutes": 1441}),
        ],
    )
    def test_that_make_no_sense_are_refused(self, constraint: str, wrong: dict[str, Any]) -> None:
        location = LocationFactory()
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            WeeklyRuleFactory(location=location, **wrong)

    def test_the_same_one_twice_is_refused_also_where_nothing_is_filled_in(self) -> None:
        location = LocationFactory()
        WeeklyRuleFactory(location=location)
        with pytest.raises(IntegrityError, match="rule_is_unique"), transaction.atomic():
            WeeklyRuleFactory(location=location)

    def test_a_days_exception_needs_no_weekdays(self) -> None:
        day = date(2030, 1, 15)
        WeeklyRuleFactory(rule_kind="EXCEPTION", days_of_week=None, valid_from=day, valid_to=day)


def without(*constraints: str) -> None:
    """Take constraints off the events' table until the test rolls back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for constraint in constraints:
            cursor.execute(f"ALTER TABLE availability_calendarevent DROP CONSTRAINT {constraint}")


class TestInvariants:
    @pytest.fixture
    def anna(self) -> Resource:
        anna = PersonFactory()
        slots_every(anna, step=15, length=30, count=3)
        take(anna, at(0))
        return anna

    def broken(self) -> list[str]:
        return [violation.rule for violation in find_violations()]

    def test_nothing_is_broken_at_first(self, anna: Resource) -> None:
        assert self.broken() == []

    def test_a_wrong_counter_is_found(self, anna: Resource) -> None:
        SlotInstance.objects.filter(start_at=at(0).start).update(booked=0, status="open")

        assert self.broken() == ["counters_match"]

    def test_a_shared_lane_is_found(self, anna: Resource) -> None:
        without("event_no_lane_twice")
        event = CalendarEvent.objects.for_organization(anna.organization_id).get()
        CalendarEvent.objects.bulk_create([CalendarEvent(**copy_of(event))])

        assert "one_event_a_lane" in self.broken()

    def test_a_lane_that_is_not_there_is_found(self, anna: Resource) -> None:
        CalendarEvent.objects.filter(resource=anna).update(lanes=(1,), lane_limit=2)

        assert self.broken() == ["lanes_within_capacity"]


def copy_of(event: CalendarEvent) -> dict[str, Any]:
    """The fields of an event, without its id."""
    names = [field.attname for field in event._meta.concrete_fields if field.name != "id"]
    return {name: getattr(event, name) for name in names}


@pytest.mark.django_db(transaction=True)
class TestVerifyInvariants:
    def test_says_that_all_is_well(self) -> None:
        out = StringIO()
        call_command("verify_invariants", stdout=out)

        assert out.getvalue().endswith("0 violations\n")

    def test_exits_with_1_and_names_what_drifts(self) -> None:
        (slot,) = slots_every(PersonFactory(), step=30, length=30, count=1)
        SlotInstance.objects.filter(id=slot.id).update(booked=1, status="full")
        out = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("verify_invariants", stdout=out)

        assert ended.value.code == 1
        assert f"counters_match: {slot.id}" in out.getvalue()
