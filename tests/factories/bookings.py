import factory
from factory.django import DjangoModelFactory

from apps.bookings.models import CheckoutQuestion, QuestionKind
from tests.factories.organizations import OrganizationFactory


class CheckoutQuestionFactory(DjangoModelFactory[CheckoutQuestion]):
    class Meta:
        model = CheckoutQuestion

    organization = factory.SubFactory(OrganizationFactory)
    text = factory.Sequence(lambda number: f"Question {number}?")
    kind = QuestionKind.TEXT
