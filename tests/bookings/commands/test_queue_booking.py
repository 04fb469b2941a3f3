"""Bookings that have no time yet, and giving them one (seed 002)."""

from decimal import Decimal

import pytest

from apps.audit.models import AuditEntry
from apps.availability.errors import SlotFull, SlotNotBookable
from apps.availability.models import CalendarEvent
from apps.bookings import policies
from apps.bookings.commands.queue_booking import queue_booking
from apps.bookings.commands.schedule_booking import schedule_booking
from apps.bookings.errors import (
    BookingHasNoTime,
    BookingHasTime,
    InvalidTransition,
    MixedCurrencies,
    StaffOnly,
)
from apps.bookings.models import Booking, Customer
from apps.bookings.placing.queueing import Schedule
from apps.bookings.types import ServiceWanted
from apps.core.actors import Actor, ActorKind
from apps.core.errors import InvalidInput, NotFound, StaleVersion
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from apps.core.models import OutboxMessage
from tests.availability.support import at, denver, take
from tests.bookings.salon import Salon, a_salon
from tests.bookings.support import book, somebody
from tests.factories.availability import SlotFactory
from tests.factories.content import ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def salon() -> Salon:
    return a_salon()


def frontdesk(salon: Salon) -> Actor:
    return Actor(ActorKind.STAFF, salon.organization.id, str(new_id()), "Front desk")


def queued(salon: Salon, *names: str, **parts: object) -> Booking:
    return queue_booking(
        actor=frontdesk(salon),
        location_id=salon.location.id,
        services=[ServiceWanted(service_id=salon.services[name].id, **parts) for name in names],  # type: ignore[arg-type]  # shorthand
        details=somebody(),
    )


def scheduled(salon: Salon, booking: Booking, wanted: Schedule, **parts: int) -> Booking:
    return schedule_booking(
        actor=frontdesk(salon),
        policy=salon.organization.policy,
        booking_id=booking.id,
        wanted=wanted,
        **parts,
    )


class TestQueue:
    def test_says_what_for_and_not_when(self, salon: Salon) -> None:
        booking = queued(salon, "Wash", "Colour")

        assert (booking.status, booking.starts_at, booking.total_price) == ("pending", None, Decimal(145))
        lines = list(booking.lines.all())
        assert [(line.title, line.resource_id, line.hold_id) for line in lines] == [
            ("Wash", None, None),
            ("Colour", None, None),
        ]
        assert not CalendarEvent.objects.exists()
        assert list(find_violations()) == []

    def test_is_logged_and_published(self, salon: Salon) -> None:
        booking = queued(salon, "Wash")

        assert AuditEntry.objects.get(action="bookings.booking.queued").booking_id == booking.id
        payload = OutboxMessage.objects.get(name="booking.queued").payload
        assert (payload["starts_at"], payload["resource_ids"]) == (None, [])

    def test_at_a_price_of_its_own(self, salon: Salon) -> None:
        assert queued(salon, "Wash", custom_price=Decimal("9.99")).total_price == Decimal("9.99")

    def test_by_the_business_alone(self, salon: Salon) -> None:
        visitor = Actor.session(salon.organization.id, new_id())
        services = [ServiceWanted(service_id=salon.services["Wash"].id)]

        with pytest.raises(StaffOnly):
            queue_booking(actor=visitor, location_id=salon.location.id, services=services, details=somebody())
        assert not Customer.objects.exists()

    def test_only_its_own_services(self, salon: Salon) -> None:
        salon.services["Foreign"] = ServiceFactory()

        with pytest.raises(NotFound):
            queued(salon, "Foreign")

    def test_in_one_currency(self, salon: Salon) -> None:
        salon.service("Tattoo", 30, currency="EUR")

        with pytest.raises(MixedCurrencies):
            queued(salon, "Wash", "Tattoo")

    def test_cannot_be_approved_before_it_has_a_time(self, salon: Salon) -> None:
        booking = queued(salon, "Wash")

        with pytest.raises(BookingHasNoTime):
            policies.ensure_approvable(status=booking.status, starts_at=booking.starts_at)


class TestSchedule:
    def test_gives_each_line_its_person_and_its_time(self, salon: Salon) -> None:
        booking = scheduled(salon, queued(salon, "Wash", "Colour"), Schedule(start_at=denver(14, 13)))

        assert (booking.status, booking.version) == ("pending", 2)
        assert (booking.starts_at, booking.ends_at) == (denver(14, 13), denver(14, 15))
        assert [line.resource.name for line in booking.lines.all() if line.resource] == ["Student", "Karina"]
        events = CalendarEvent.objects.filter(booking=booking).order_by("starts_at")
        assert [(event.type, event.line.title) for event in events if event.line] == [
            ("customer", "Wash"),
            ("customer", "Colour"),
        ]
        assert list(find_violations()) == []
        policies.ensure_approvable(status=booking.status, starts_at=booking.starts_at)

    def test_as_long_as_it_was_when_it_was_queued(self, salon: Salon) -> None:
        booking = queued(salon, "Colour")
        salon.services["Colour"].duration_minutes = 30
        salon.services["Colour"].save()

        assert scheduled(salon, booking, Schedule(start_at=denver(14, 10))).ends_at == denver(14, 11, 30)

    def test_by_somebody_in_particular(self) -> None:
        salon = a_salon(masters=2)
        booking = queued(salon, "Colour")
        line, second = booking.lines.get(), salon.people["Master 2"]

        scheduled(salon, booking, Schedule(start_at=denver(14, 10), named={line.id: second.id}))

        assert booking.lines.get().resource_id == second.id

    def test_at_the_last_moment_if_the_business_says_so(self, salon: Salon) -> None:
        salon.organization.policy.minimum_notice_minutes = 24 * 60
        salon.organization.policy.save()

        assert scheduled(salon, queued(salon, "Wash"), Schedule(start_at=denver(14, 9))).starts_at

    def test_not_where_somebody_is(self, salon: Salon) -> None:
        take(salon.people["Student"], at(0))
        booking = queued(salon, "Wash")

        with pytest.raises(SlotFull):
            scheduled(salon, booking, Schedule(start_at=denver(14, 10)))
        booking.refresh_from_db()
        assert booking.starts_at is None

    def test_not_outside_of_working_time(self, salon: Salon) -> None:
        with pytest.raises(SlotNotBookable):
            scheduled(salon, queued(salon, "Wash"), Schedule(start_at=denver(14, 20)))

    def test_once(self, salon: Salon) -> None:
        booking = queued(salon, "Wash")
        scheduled(salon, booking, Schedule(start_at=denver(14, 10)))

        with pytest.raises(BookingHasTime):
            scheduled(salon, booking, Schedule(start_at=denver(14, 11)))

    def test_only_what_is_queued(self) -> None:
        slot = SlotFactory()
        confirmed = book(slot)

        with pytest.raises(InvalidTransition):
            schedule_booking(
                actor=Actor.system(slot.organization_id),
                policy=slot.organization.policy,
                booking_id=confirmed.id,
                wanted=Schedule(start_at=slot.start_at),
            )

    def test_not_by_a_stale_view_of_it(self, salon: Salon) -> None:
        booking = queued(salon, "Wash")

        with pytest.raises(StaleVersion):
            scheduled(salon, booking, Schedule(start_at=denver(14, 10)), expected_version=7)
        assert not CalendarEvent.objects.exists()

    def test_no_line_of_another_booking(self, salon: Salon) -> None:
        named = {new_id(): salon.people["Student"].id}

        with pytest.raises(InvalidInput):
            scheduled(salon, queued(salon, "Wash"), Schedule(start_at=denver(14, 10), named=named))
