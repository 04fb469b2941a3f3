import factory
from factory.django import DjangoModelFactory

from apps.routing.models import BookingFlowRouter, PathMatch, RouterVariant
from tests.factories.flows import FlowFactory
from tests.factories.organizations import OrganizationFactory


class RouterFactory(DjangoModelFactory[BookingFlowRouter]):
    class Meta:
        model = BookingFlowRouter

    organization = factory.SubFactory(OrganizationFactory)
    flow = factory.SubFactory(FlowFactory, organization=factory.SelfAttribute("..organization"))
    priority = factory.Sequence(lambda number: number % 9_000 + 1)
    path_match = PathMatch.ANY
    path = ""


class VariantFactory(DjangoModelFactory[RouterVariant]):
    class Meta:
        model = RouterVariant

    router = factory.SubFactory(RouterFactory)
    organization = factory.SelfAttribute("router.organization")
    flow = factory.SubFactory(FlowFactory, organization=factory.SelfAttribute("..organization"))
