"""Where services, questions, answers and headings are used."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.content.models import BookingService
from apps.content.uses import uses_of
from apps.flows.models import ServiceSelectionNode
from tests.factories.backoffice import whole_business
from tests.factories.bookings import CheckoutQuestionFactory
from tests.factories.content import AnswerCategoryFactory, AnswerFactory, ServiceAnswerFactory, ServiceFactory
from tests.factories.flows import AnswerNodeFactory, EdgeFactory, WholeFlow, whole_flow
from tests.factories.sessions import visit_to

pytestmark = pytest.mark.django_db


def said(row: Any) -> list[str]:
    return [str(use) for use in uses_of([row])[row.pk]]


def keeps(row: Any) -> bool:
    return any(use.keeps for use in uses_of([row])[row.pk])


def without_the_service(whole: WholeFlow) -> None:
    """Another service takes the place of the flow's one."""
    other = ServiceFactory.create(organization=whole.flow.organization, title="Another")
    ServiceSelectionNode.objects.filter(pk=whole.service_node.pk).update(service=other)


class TestService:
    def test_is_used_in_a_draft(self) -> None:
        whole = whole_flow(title="Book a visit")

        assert said(whole.service) == ["Flow “Book a visit” (draft, step “Service selection”)"]
        assert keeps(whole.service)

    def test_is_used_in_what_customers_see_although_the_draft_has_dropped_it(self) -> None:
        whole = whole_flow(title="Book a visit")
        whole.publish()
        without_the_service(whole)

        assert said(whole.service) == ["Flow “Book a visit” (published: customers see version 1)"]
        assert keeps(whole.service)

    def test_an_older_version_is_named_and_keeps_nothing(self) -> None:
        whole = whole_flow(title="Book a visit")
        whole.publish()
        without_the_service(whole)
        whole.publish()

        assert said(whole.service) == ["Flow “Book a visit” (older version 1)"]
        assert not keeps(whole.service)

    def test_an_older_version_that_somebody_is_booking_by_keeps_it(self) -> None:
        whole = whole_flow(title="Book a visit")
        visit_to(whole.publish())
        without_the_service(whole)
        whole.publish()

        assert "1 visitor is booking by its version 1 right now" in said(whole.service)[-1]
        assert keeps(whole.service)

    def test_is_used_by_answers_checkout_questions_and_bookings(self) -> None:
        business = whole_business("Acme")
        service = business.booking.lines.get().service
        if service is None:
            service = business.flow.service
            business.booking.lines.update(service=service)
        ServiceAnswerFactory.create(question__organization=business.organization, service=service)
        CheckoutQuestionFactory.create(
            organization=business.organization, text="Gate code?", service=service, required=False
        )

        kinds = [use.kind for use in uses_of([service])[service.pk]]

        assert {"Answer of", "At checkout", "Bookings"} <= set(kinds)

    def test_of_another_business_is_never_named(self) -> None:
        ours, theirs = whole_flow(title="Ours"), whole_flow(title="Theirs")

        found = uses_of([ours.service, theirs.service])

        assert ["Ours" in str(use) for use in found[ours.service.pk]] == [True]
        assert ["Theirs" in str(use) for use in found[theirs.service.pk]] == [True]

    def test_costs_as_many_queries_for_many_as_for_one(self) -> None:
        whole = whole_flow()
        whole.publish()
        services = [whole.service, *ServiceFactory.create_batch(20, organization=whole.flow.organization)]

        def queries(rows: list[BookingService]) -> int:
            with CaptureQueriesContext(
                connection,
            ) as captured:
                uses_of(rows)
            return len(captured)

        assert queries(services) == queries(services[:1]) <= 8

    def test_that_customers_can_choose_is_kept_by_the_database_itself(self) -> None:
        whole = whole_flow()
        whole.publish()
        without_the_service(whole)

        with (
            pytest.raises(IntegrityError, match="A published flow offers this service"),
            transaction.atomic(),
        ):
            whole.service.delete()

        assert BookingService.objects.filter(pk=whole.service.pk).exists()


class TestQuestionAnswerAndHeading:
    def test_a_question_is_used_in_drafts_and_versions(self) -> None:
        whole = whole_flow(title="Book a visit")
        whole.publish()
        question = whole.question.question
        assert question is not None

        assert said(question) == [
            "Flow “Book a visit” (published: customers see version 1)",
            "Flow “Book a visit” (draft, step “Service selection”)",
        ]

    def test_an_answer_is_used_in_drafts(self) -> None:
        whole = whole_flow(title="Book a visit")
        answer = AnswerFactory.create(question=whole.question.question)
        node = AnswerNodeFactory.create(step=whole.selection, answer=answer, answer_title="")
        EdgeFactory.create(source=whole.question, target=node, position=5)

        assert said(answer) == ["Flow “Book a visit” (draft, step “Service selection”)"]

    def test_a_heading_is_used_by_its_answers_and_in_versions(self) -> None:
        whole = whole_flow(title="Book a visit")
        heading = AnswerCategoryFactory.create(organization=whole.flow.organization)
        answer = ServiceAnswerFactory.create(
            question=whole.question.question, title="Gas", category=heading, service=whole.service
        )
        node = AnswerNodeFactory.create(step=whole.selection, answer=answer, answer_title="")
        EdgeFactory.create(source=whole.question, target=node, position=5)
        whole.publish()

        assert said(heading) == [
            "Answer “Gas” (of “What do you need?”)",
            "Flow “Book a visit” (published: customers see version 1)",
        ]
