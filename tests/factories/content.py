import factory
from factory.django import DjangoModelFactory

from apps.content.models import (
    AnswerType,
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
)
from tests.factories.organizations import OrganizationFactory


class ServiceFactory(DjangoModelFactory[BookingService]):
    class Meta:
        model = BookingService

    organization = factory.SubFactory(OrganizationFactory)
    title = factory.Sequence(lambda number: f"Service {number}")


class AnswerCategoryFactory(DjangoModelFactory[BookingAnswerCategory]):
    class Meta:
        model = BookingAnswerCategory

    organization = factory.SubFactory(OrganizationFactory)
    title = factory.Sequence(lambda number: f"Category {number}")


class QuestionFactory(DjangoModelFactory[BookingQuestion]):
    class Meta:
        model = BookingQuestion

    organization = factory.SubFactory(OrganizationFactory)
    title = "What do you need?"
    unique_name = factory.Sequence(lambda number: f"question-{number}")


class AnswerFactory(DjangoModelFactory[BookingQuestionAnswer]):
    class Meta:
        model = BookingQuestionAnswer

    question = factory.SubFactory(QuestionFactory)
    type = AnswerType.TEXT
    title = "Something else"


class ServiceAnswerFactory(AnswerFactory):
    type = AnswerType.SERVICE_REFERENCE
    title = ""
    service = factory.SubFactory(
        ServiceFactory, organization=factory.SelfAttribute("..question.organization")
    )
