"""From the pool to the people, and back."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from apps.audit.models import AuditEntry
from apps.availability.commands.set_sells_from import SellsFromResult, set_sells_from
from apps.availability.errors import SlotNotBookable
from apps.availability.models import Location, Resource, ResourceKind, SlotInstance
from apps.availability.places.previews import preview_sells_from
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from tests.availability.time_off.support import away, generate, staff
from tests.bookings.support import book, hold, visitor_of
from tests.factories.availability import LocationFactory, PersonFactory, PoolFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool() -> Resource:
    """A branch with two places, open on weekdays, where nobody is named."""
    pool = PoolFactory(capacity=2, location__name="Old Town")
    WeeklyRuleFactory(location=pool.location, slot_capacity=2)
    generate(pool)
    return pool


@pytest.fixture(autouse=True)
def nothing_is_broken_in_the_end(set_now: Callable[[datetime], None]) -> Iterator[None]:
    yield
    assert list(find_violations()) == []


def switch(location: Location, sells_from: str) -> SellsFromResult:
    return set_sells_from(
        actor=Actor.system(location.organization_id), location_id=location.id, sells_from=sells_from
    )


def preview(location: Location, sells_from: str) -> tuple[str, ...]:
    return preview_sells_from(
        organization_id=location.organization_id, location_id=location.id, sells_from=sells_from
    ).sentences


def first_slot(resource: Resource) -> SlotInstance:
    return SlotInstance.objects.select_related("organization__policy").filter(resource=resource)[0]


def on_offer(resource: Resource) -> int:
    return SlotInstance.objects.filter(resource=resource, closed=False).count()


class TestSwitching:
    def test_slots_change_sides_at_once(self, pool: Resource) -> None:
        anna = PersonFactory(location=pool.location)
        before = on_offer(pool)

        result = switch(pool.location, "people")

        assert (on_offer(pool), on_offer(anna)) == (0, before)
        assert (result.slots.inserted, result.slots.deleted) == (before, before)
        switch(pool.location, "pool")
        assert (on_offer(pool), on_offer(anna)) == (before, 0)

    def test_what_is_booked_stays_and_can_be_confirmed(self, pool: Resource) -> None:
        slot = first_slot(pool)
        visitor = visitor_of(slot)
        booked, held = book(slot), hold(slot, actor=visitor)
        before = on_offer(pool)

        result = switch(pool.location, "people")

        slot.refresh_from_db()
        assert (slot.closed, result.slots.closed) == (True, 1)
        assert confirm_booking(actor=visitor, booking_id=held.id).status == "confirmed"
        booked.refresh_from_db()
        assert booked.status == "confirmed"
        assert result.sentences == (
            "Customers of Old Town would book a person.",
            f"{before} times of the pool would not be on offer any more.",
            "1 booking there, from now on, would stay as booked: move those that you want to.",
            "1 customer is booking just now; they can still finish.",
            "Nobody works here yet: customers would find no times until you add somebody.",
        )

    def test_nobody_books_the_side_that_stopped(self, pool: Resource) -> None:
        slot = first_slot(pool)
        book(slot)
        switch(pool.location, "people")
        with pytest.raises(SlotNotBookable):
            hold(slot)

    def test_a_branch_without_a_pool_gets_one(self) -> None:
        location = LocationFactory(name="New Town")
        WeeklyRuleFactory(location=location)

        switch(location, "pool")

        pool = Resource.objects.get(location=location, kind=ResourceKind.POOL)
        assert on_offer(pool) > 0

    def test_time_off_reaches_as_far_as_the_new_slots(self, pool: Resource) -> None:
        anna = PersonFactory(location=pool.location)
        away(anna, 12, rrule="FREQ=DAILY")

        switch(pool.location, "people")

        assert SlotInstance.objects.filter(resource=anna, status="blocked").exists()

    def test_is_in_the_log(self, pool: Resource) -> None:
        switch(pool.location, "people")

        entry = AuditEntry.objects.get(action="availability.location.sells_from_set")
        assert (entry.old, entry.new) == ({"sells_from": "pool"}, {"sells_from": "people"})


class TestPreview:
    def test_says_beforehand_what_the_switch_says(self, pool: Resource) -> None:
        book(first_slot(pool))
        PersonFactory(location=pool.location)

        assert preview(pool.location, "people") == switch(pool.location, "people").sentences

    def test_says_how_many_places_the_pool_has(self, pool: Resource) -> None:
        switch(pool.location, "people")

        assert preview(pool.location, "pool")[-1] == "The pool has 2 places."


class TestWhatIsRefused:
    def test_the_same_again_changes_nothing(self, pool: Resource) -> None:
        assert switch(pool.location, "pool").sentences == ()
        assert preview(pool.location, "pool") == ("That is how it is now: nothing changes.",)
        assert not AuditEntry.objects.filter(action="availability.location.sells_from_set").exists()

    def test_a_third_side(self, pool: Resource) -> None:
        with pytest.raises(InvalidInput):
            switch(pool.location, "rooms")
        with pytest.raises(InvalidInput):
            preview(pool.location, "rooms")

    def test_the_branches_of_others(self, pool: Resource) -> None:
        with pytest.raises(NotFound):
            set_sells_from(actor=Actor.system(new_id()), location_id=pool.location_id, sells_from="people")
        with pytest.raises(NotFound):
            preview_sells_from(organization_id=new_id(), location_id=pool.location_id, sells_from="people")

    def test_nobody_who_acts_is_forgotten(self, pool: Resource) -> None:
        set_sells_from(actor=staff(pool), location_id=pool.location_id, sells_from="people")

        assert AuditEntry.objects.latest("at").actor_label == "Dana at the front desk"
