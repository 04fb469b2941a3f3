"""A whole business with one of everything that the back office shows."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.test import Client

from apps.availability.models import Location, Resource, SlotInstance
from apps.bookings.models import Booking, Order, WaitlistEntry
from apps.organizations.models import Organization, Role, User
from tests.bookings.support import hold, somebody, visitor_of
from tests.factories.availability import LocationFactory, PersonFactory, SlotFactory, WeeklyRuleFactory
from tests.factories.bookings import CheckoutQuestionFactory
from tests.factories.content import AnswerCategoryFactory, ServiceAnswerFactory, ServiceFactory
from tests.factories.flows import SchedulerConfigFactory, WholeFlow, whole_flow
from tests.factories.organizations import (
    ApiKeyFactory,
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
)
from tests.factories.routing import RouterFactory
from tests.factories.sessions import visit_to


@dataclass(frozen=True)
class Business:
    """What a test of the back office names."""

    organization: Organization
    location: Location
    person: Resource
    slot: SlotInstance
    booking: Booking
    flow: WholeFlow

    def staff(self, role: str = Role.ADMIN, **user: Any) -> User:
        """Somebody who works here."""
        member: User = UserFactory.create(is_staff=True, **user)
        MembershipFactory.create(organization=self.organization, user=member, role=role)
        return member

    def client(self, role: str = Role.ADMIN) -> Client:
        """A browser of somebody who works here and has signed in."""
        return signed_in(self.staff(role))


def signed_in(user: User) -> Client:
    """A browser of this user."""
    client = Client()
    client.force_login(user)
    return client


def whole_business(name: str = "Acme", *, customer: str = "Ada Lovelace") -> Business:
    """A business with a branch, a person, hours, a service, a published flow, a rule, a key and a booking.

    Everything that is shown by name begins with the business's own name.
    """
    organization = OrganizationFactory.create(name=name)
    location = LocationFactory.create(organization=organization, name=f"{name} branch")
    person = PersonFactory.create(location=location, name=f"{name} technician", skills=["hvac"])
    WeeklyRuleFactory.create(location=location, resource=person, note=f"{name} hours")
    slot = SlotFactory.create(resource=person)
    ServiceFactory.create(organization=organization, title=f"{name} service")
    AnswerCategoryFactory.create(organization=organization, title=f"{name} heading")
    flow = whole_flow(organization, title=f"{name} flow")
    ServiceAnswerFactory.create(question=flow.question.question, title=f"{name} answer")
    config = SchedulerConfigFactory.create(
        organization=organization, name=f"{name} widget", brand_kit__name=f"{name} looks"
    )
    version = flow.publish()
    flow.flow.refresh_from_db()
    RouterFactory.create(organization=organization, flow=flow.flow, scheduler_config=config)
    ApiKeyFactory.create(organization=organization, name=f"{name} key")
    visit_to(version)
    actor = visitor_of(slot)
    booking = hold(slot, actor=actor, details=somebody(name=f"{customer} of {name}"))
    CheckoutQuestionFactory.create(organization=organization, text=f"{name} question?", required=False)
    Order.objects.create(
        organization=organization, customer=booking.customer, total=Decimal(80), currency="USD"
    )
    WaitlistEntry.objects.create(
        organization=organization,
        booking=booking,
        status="served",
        first_date=slot.date,
        last_date=slot.date,
        ended_at=slot.start_at,
    )
    return Business(organization, location, person, slot, booking, flow)
