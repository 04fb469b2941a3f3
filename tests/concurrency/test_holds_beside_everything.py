"""People hold, refresh, release and confirm while hours change, somebody goes away, and sweeps run."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from functools import partial
from random import Random
from typing import Any

import pytest

from apps.availability.commands.add_time_off import add_time_off
from apps.availability.commands.cancel_time_off import cancel_time_off
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.commands.rules import change_rule
from apps.availability.errors import SlotFull
from apps.availability.hours.changes import fields_of
from apps.availability.models import AvailabilityRule
from apps.bookings.commands.confirm_booking import confirm_booking
from apps.bookings.commands.expire_holds import expire_hold, expire_holds
from apps.bookings.commands.hold_booking import book_hold
from apps.bookings.commands.place_hold import place_holds
from apps.bookings.commands.refresh_hold import refresh_hold
from apps.bookings.commands.release_hold import release_hold
from apps.bookings.models import Booking, Hold
from apps.bookings.types import TimeWanted, Wanted
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.core.ids import new_id
from apps.core.invariants import find_violations
from apps.organizations.models import OrganizationPolicy
from tests.availability.support import denver
from tests.availability.time_off.support import away, details, staff
from tests.bookings.salon import Salon, a_salon
from tests.bookings.support import somebody
from tests.concurrency.crowd import PLANNED_ROUNDS, accidents, crowd_of, dice, lapse

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.usefixtures("no_deadlock"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(max(300, 60 * PLANNED_ROUNDS)),
]

VISITORS = 24
HOURS = (9, 10, 11, 13, 14, 15)
Calls = list[Callable[[], Any]]


def policy_of(salon: Salon) -> OrganizationPolicy:
    return OrganizationPolicy.objects.select_related("organization").get(organization=salon.organization)


def wish(salon: Salon, random: Random) -> list[Wanted]:
    """A wash, a wash and a colour, or two visits at once."""
    hour = random.choice(HOURS)
    alone = TimeWanted(
        location_id=salon.location.id,
        start_at=denver(14, hour),
        service_id=salon.services["Wash"].id,
    )
    together = salon.visit("Wash", "Colour", hour=hour)
    parallel = salon.visit("Colour", "Wash", hour=hour, mode="parallel")
    return random.choice([[alone], [together], [parallel], [together, salon.visit("Wash", hour=hour)]])


def holding(salon: Salon, wanted: list[Wanted], actor: Actor | None = None) -> Callable[[], list[Hold]]:
    actor = actor or Actor.session(salon.organization.id, new_id())
    return partial(place_holds, actor=actor, policy=policy_of(salon), wanted=wanted)


def what_visitors_do(salon: Salon, holds: list[Hold]) -> Calls:
    """Of the holds that there are: release, refresh, book, confirm; and some are over."""
    calls: Calls = []
    for number, hold in enumerate(holds):
        assert hold.session_id
        actor = Actor.session(hold.organization_id, hold.session_id)
        if number % 4 == 0:
            calls.append(partial(release_hold, actor=actor, hold_id=hold.id))
            calls.append(partial(refresh_hold, actor=actor, policy=policy_of(salon), hold_id=hold.id))
        elif number % 4 == 1:
            booking = book_hold(actor=actor, hold_id=hold.id, details=somebody())
            calls.append(partial(confirm_booking, actor=actor, booking_id=booking.id))
            calls.append(partial(refresh_hold, actor=actor, policy=policy_of(salon), hold_id=hold.id))
        else:
            if number % 4 == 2:
                book_hold(actor=actor, hold_id=hold.id, details=somebody())
            lapse(hold)
            calls.append(partial(expire_hold, organization_id=hold.organization_id, hold_id=hold.id))
    return calls


def what_the_business_does(salon: Salon) -> Calls:
    """Other hours, somebody away, somebody back, slots made anew, sweeps."""
    karina, student = salon.people["Karina"], salon.people["Student"]
    back = away(student, 13, 60).time_off
    rule = AvailabilityRule.objects.get(location=salon.location)
    shorter = replace(fields_of(rule), end_time=time(16))
    return [
        partial(add_time_off, actor=staff(karina), resource_id=karina.id, details=details(14, 120)),
        partial(cancel_time_off, actor=staff(student), time_off_id=back.id),
        partial(change_rule, actor=staff(karina), rule_id=rule.id, fields=shorter),
        partial(generate_slots, organization=salon.organization),
        expire_holds,
        expire_holds,
    ]


def test_holds_beside_everything_else() -> None:
    with crowd_of(60) as crowd:
        for number in range(PLANNED_ROUNDS):
            random = dice(number)
            salon = a_salon(students=3, masters=3)
            first = [holding(salon, wish(salon, random)) for _ in range(8)]
            holds = [hold for call in first for hold in quietly(call)]
            calls: Calls = [holding(salon, wish(salon, random)) for _ in range(VISITORS)]
            calls += what_visitors_do(salon, holds) + what_the_business_does(salon)
            random.shuffle(calls)

            results = crowd(calls)

            assert accidents(results) == []
            assert list(find_violations()) == []
            expire_holds()
            assert not Hold.objects.due(app_now()).exists()
            assert not Booking.objects.filter(status="held", holds__status="expired").exists()
            assert list(find_violations()) == []


def quietly(call: Callable[[], list[Hold]]) -> list[Hold]:
    """What the call returns; nothing where there was no room."""
    try:
        return call()
    except SlotFull:
        return []


def test_a_lapsed_visit_of_two_people_freed_from_both_sides_at_once() -> None:
    with crowd_of(4) as crowd:
        for _ in range(2 * PLANNED_ROUNDS):
            salon = a_salon()
            (hold,) = holding(salon, [salon.visit("Wash", "Colour", hour=10)])()
            assert hold.session_id
            book_hold(
                actor=Actor.session(hold.organization_id, hold.session_id),
                hold_id=hold.id,
                details=somebody(),
            )
            lapse(hold)

            results = crowd(
                [
                    holding(salon, [salon.visit("Wash", hour=10)]),
                    holding(salon, [salon.visit("Colour", hour=10, minute=30)]),
                    expire_holds,
                    partial(expire_hold, organization_id=hold.organization_id, hold_id=hold.id),
                ]
            )

            assert [type(one) for one in results[:2]] == [list, list], results
            assert accidents(results) == []
            hold.refresh_from_db()
            assert hold.status == "expired"
            assert Booking.objects.get(holds=hold).status == "expired"
            assert list(find_violations()) == []
