from datetime import UTC, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from apps.availability.models import (
    AvailabilityRule,
    Location,
    Resource,
    ResourceKind,
    RuleKind,
    SellsFrom,
    SlotInstance,
)
from tests.factories.organizations import OrganizationFactory

# Two hours into the day that tests/conftest.py stops the clock at: 10:00 in Denver.
TEN_O_CLOCK = datetime(2030, 1, 14, 17, tzinfo=UTC)


class LocationFactory(DjangoModelFactory[Location]):
    class Meta:
        model = Location

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda number: f"Branch {number}")
    timezone = "America/Denver"
    sells_from = SellsFrom.PEOPLE


class PersonFactory(DjangoModelFactory[Resource]):
    class Meta:
        model = Resource

    location = factory.SubFactory(LocationFactory)
    organization = factory.SelfAttribute("location.organization")
    kind = ResourceKind.PERSON
    name = factory.Sequence(lambda number: f"Technician {number}")


class PoolFactory(PersonFactory):
    kind = ResourceKind.POOL
    name = "Pool"
    location = factory.SubFactory(LocationFactory, sells_from=SellsFrom.POOL)


class WeeklyRuleFactory(DjangoModelFactory[AvailabilityRule]):
    class Meta:
        model = AvailabilityRule

    location = factory.SubFactory(LocationFactory)
    organization = factory.SelfAttribute("location.organization")
    rule_kind = RuleKind.WEEKLY
    days_of_week = [1, 2, 3, 4, 5]
    start_time = time(9)
    end_time = time(17)
    slot_granularity_minutes = 30
    slot_duration_minutes = 30


class SlotFactory(DjangoModelFactory[SlotInstance]):
    """A slot of half an hour, in the far future, with nobody in it."""

    class Meta:
        model = SlotInstance

    resource = factory.SubFactory(PersonFactory, capacity=factory.SelfAttribute("..capacity"))
    location = factory.SelfAttribute("resource.location")
    organization = factory.SelfAttribute("resource.organization")
    start_at = TEN_O_CLOCK
    end_at = factory.LazyAttribute(lambda slot: slot.start_at + timedelta(minutes=30))
    date = factory.LazyAttribute(lambda slot: slot.start_at.date())
    capacity = 1
