"""A small business, once as rows and once as the pure model has it, in which visits meet all the time."""

from datetime import time
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import CalendarEvent, Location, SlotInstance
from apps.availability.planner import Mode
from apps.bookings.types import ServiceWanted, TimeWanted, VisitWanted, Wanted
from apps.core.clock import app_now
from tests.availability.support import denver, minutes
from tests.bookings import pure_model as model
from tests.factories.availability import LocationFactory, PersonFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory

NOW = denver(14, 8)  # Monday
OFF_GRID = denver(14, 9, 15)
STARTS = [denver(day, hour, minute) for day in (14, 15) for hour in (9, 10) for minute in (0, 30)]
HOLD, BOOKING_HOLD, OFFER, PAYMENT = 5, 10, 7, 8  # how many minutes each is kept
MOST_HOLDS, MOST_REFRESHES = 3, 2
CANCEL_NOTICE, MOVE_NOTICE, NOTICE, CHECK_IN = minutes(60), minutes(90), minutes(20), minutes(45)


# --- What is drawn -----------------------------------------------------------------------------------------

some = st.integers(0, 7)  # the how manieth from the end: what is new is tried most
visitors = st.integers(0, 1)
phones = st.sampled_from(["+13035550101", "+13035550102", "+13035550103"])
# Of those to come the how manieth; seldom one that has been, or a moment at which nobody begins.
starts = st.sampled_from([0, 0, 1, 1, 2, 2, 3, 3, "past", "off grid"])
parties = st.sampled_from([1, 1, 1, 1, 1, 2, 2, 3])
chosen = st.sampled_from(["wash", "colour", "class", "class", "wash colour", "wash class", "colour wash"])
wishes = st.fixed_dictionaries(
    {
        "services": chosen,
        "start": starts,
        "party": parties,
        "parallel": st.sampled_from([False, False, False, True]),
        "named": st.sampled_from(["", "", "", "", "", "", "student", "master", "group"]),
    }
)


class Salon:
    """The real world before anything happens: a student, a master who cleans up, and a class of three."""

    def __init__(self) -> None:
        self.location: Location = LocationFactory()
        self.organization = self.location.organization
        self.policy = self.organization.policy
        for name, value in {
            "horizon_days": 4,
            "minimum_notice_minutes": NOTICE // minutes(1),
            "cart_hold_minutes": HOLD,
            "booking_hold_minutes": BOOKING_HOLD,
            "waitlist_offer_minutes": OFFER,
            "payment_hold_minutes": PAYMENT,
            "max_live_holds": MOST_HOLDS,
            "max_hold_refreshes": MOST_REFRESHES,
            "cancel_notice_minutes": CANCEL_NOTICE // minutes(1),
            "reschedule_notice_minutes": MOVE_NOTICE // minutes(1),
            "check_in_opens_minutes": CHECK_IN // minutes(1),
        }.items():
            setattr(self.policy, name, value)
        self.policy.save()
        WeeklyRuleFactory(location=self.location, days_of_week=[1, 2], end_time=time(11), slot_capacity=3)
        self.people = {
            "student": self._person("student", "wash"),
            "master": self._person("master", "wash", "colour", buffer_after_minutes=10),
            "group": self._person("group", "class", capacity=3),
        }
        self.services = {
            "wash": self._service("wash", 30, 25),
            "colour": self._service("colour", 60, 80),
            "class": self._service("class", 60, None),
        }
        generate_slots(organization=self.organization)
        slots = SlotInstance.objects.filter(location=self.location)
        self.slots = {(slot.resource_id, slot.start_at): slot.id for slot in slots}
        assert {start for _, start in self.slots} == set(STARTS)

    def _person(self, name: str, *skills: str, **fields: Any) -> model.Person:
        made = PersonFactory(location=self.location, name=name, skills=list(skills), **fields)
        return model.Person(
            made.id,
            frozenset(skills),
            seats=made.capacity,
            after=minutes(made.buffer_after_minutes or 0),
        )

    def _service(self, name: str, length: int, price: int | None) -> model.Service:
        made = ServiceFactory(
            organization=self.organization,
            title=name,
            duration_minutes=length,
            required_skills=[name],
            price=price,
        )
        return model.Service(made.id, name, minutes(length), price)

    def world(self) -> model.World:
        """The same for the model."""
        return model.World(
            people=list(self.people.values()),
            hours=[(denver(day, 9), denver(day, 11)) for day in (14, 15)],
            starts=STARTS,
            notice=NOTICE,
            now=NOW,
        )

    def asked(self, wish: model.Wish, *, by_slot: bool = False) -> Wanted:
        """A wish as the commands take it: one service by its slot or start, several as a visit."""
        named, (first, *others) = wish.named, wish.services
        assert named is None or isinstance(named, UUID)
        if others or wish.parallel:
            return VisitWanted(
                location_id=self.location.id,
                start_at=wish.start,
                services=tuple(
                    ServiceWanted(service_id=id_of(s.key), resource_id=named) for s in wish.services
                ),
                mode=Mode.PARALLEL if wish.parallel else Mode.CHAIN,
                party_size=wish.party,
            )
        slot = self.slots.get((named, wish.start)) if named and by_slot else None
        if slot is not None:
            return TimeWanted(slot_id=slot, service_id=id_of(first.key), party_size=wish.party)
        return TimeWanted(
            location_id=self.location.id,
            start_at=wish.start,
            resource_id=named,
            service_id=id_of(first.key),
            party_size=wish.party,
        )

    def event_rows(self) -> list[tuple[Any, ...]]:
        """What occupies time by the database's word: whose, when, for how many."""
        rows = CalendarEvent.objects.filter(organization=self.organization).occupying(app_now())
        found = rows.values_list(
            "resource_id", "starts_at", "ends_at", "occupied", "lanes", "hold_id", "booking_id"
        )
        return [
            (who, start, end, busy.lower, busy.upper, len(lanes), hold if booking is None else booking)
            for who, start, end, busy, lanes, hold, booking in found
        ]


def id_of(key: object) -> UUID:
    """What the model takes for any key is a row's id here."""
    assert isinstance(key, UUID)
    return key
