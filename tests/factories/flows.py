from dataclasses import dataclass
from typing import Any
from uuid import UUID

import factory
from factory.django import DjangoModelFactory

from apps.content.models import BookingService
from apps.core.actors import Actor
from apps.core.ids import new_id
from apps.flows.commands.publish_flow import publish_flow
from apps.flows.models import (
    BookingFlow,
    BookingFlowStep,
    BrandKit,
    FlowVersion,
    NodeType,
    SchedulerConfig,
    ServiceSelectionEdge,
    ServiceSelectionNode,
    StepType,
)
from apps.organizations.models import Organization
from tests.factories.content import QuestionFactory, ServiceFactory
from tests.factories.organizations import OrganizationFactory


class BrandKitFactory(DjangoModelFactory[BrandKit]):
    class Meta:
        model = BrandKit

    organization = factory.SubFactory(OrganizationFactory)
    name = "Summer"


class SchedulerConfigFactory(DjangoModelFactory[SchedulerConfig]):
    class Meta:
        model = SchedulerConfig

    organization = factory.SubFactory(OrganizationFactory)
    name = "Website"
    brand_kit = factory.SubFactory(BrandKitFactory, organization=factory.SelfAttribute("..organization"))


class FlowFactory(DjangoModelFactory[BookingFlow]):
    class Meta:
        model = BookingFlow

    organization = factory.SubFactory(OrganizationFactory)
    title = "Book a visit"


class StepFactory(DjangoModelFactory[BookingFlowStep]):
    class Meta:
        model = BookingFlowStep

    flow = factory.SubFactory(FlowFactory)
    step_type = StepType.SERVICE_SELECTION
    title = factory.LazyAttribute(lambda step: StepType(step.step_type).label)
    position = factory.Sequence(lambda number: number)


class QuestionNodeFactory(DjangoModelFactory[ServiceSelectionNode]):
    class Meta:
        model = ServiceSelectionNode

    step = factory.SubFactory(StepFactory)
    node_type = NodeType.QUESTION
    question = factory.SubFactory(
        QuestionFactory, organization=factory.SelfAttribute("..step.flow.organization")
    )


class AnswerNodeFactory(DjangoModelFactory[ServiceSelectionNode]):
    class Meta:
        model = ServiceSelectionNode

    step = factory.SubFactory(StepFactory)
    node_type = NodeType.ANSWER
    answer_title = "Something else"


class ServiceNodeFactory(DjangoModelFactory[ServiceSelectionNode]):
    class Meta:
        model = ServiceSelectionNode

    step = factory.SubFactory(StepFactory)
    node_type = NodeType.SERVICE
    service = factory.SubFactory(
        ServiceFactory, organization=factory.SelfAttribute("..step.flow.organization")
    )


class EdgeFactory(DjangoModelFactory[ServiceSelectionEdge]):
    class Meta:
        model = ServiceSelectionEdge

    source = factory.SubFactory(QuestionNodeFactory)
    step = factory.SelfAttribute("source.step")
    target = factory.SubFactory(ServiceNodeFactory, step=factory.SelfAttribute("..step"))
    position = factory.Sequence(lambda number: number)


def zipcode_config(*, location_id: UUID | None = None) -> dict[str, Any]:
    """One location that serves 80202."""
    area = {
        "location_id": str(location_id or new_id()),
        "location_name": "Downtown",
        "zip_codes": ["80202"],
    }
    return {"areas": [area], "outside_message": "We don't come there yet."}


@dataclass(frozen=True)
class WholeFlow:
    """A draft that can be published: one question, one service, every kind of step."""

    flow: BookingFlow
    selection: BookingFlowStep
    question: ServiceSelectionNode
    service_node: ServiceSelectionNode
    service: BookingService

    @property
    def path(self) -> list[UUID]:
        """The one path through the graph."""
        return [self.question.id, self.service_node.id]

    def publish(self) -> FlowVersion:
        """Publish the draft as it is."""
        return publish_flow(actor=Actor.system(self.flow.organization_id), flow_id=self.flow.id)


def whole_flow(organization: Organization | None = None, **flow: Any) -> WholeFlow:
    """A draft with six steps and the smallest graph; publish it with `.publish()`."""
    draft = FlowFactory.create(organization=organization or OrganizationFactory.create(), **flow)
    steps = {
        kind: StepFactory.create(
            flow=draft,
            step_type=kind,
            position=position,
            type_config=zipcode_config() if kind == StepType.ZIPCODE else {},
        )
        for position, kind in enumerate(StepType)
    }
    selection = steps[StepType.SERVICE_SELECTION]
    question = QuestionNodeFactory.create(step=selection)
    service_node = ServiceNodeFactory.create(step=selection)
    EdgeFactory.create(source=question, target=service_node)
    service = service_node.service
    assert service is not None
    return WholeFlow(draft, selection, question, service_node, service)
