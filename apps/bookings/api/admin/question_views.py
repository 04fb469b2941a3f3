"""`/admin/v1/questions` (seed 004): what checkout asks."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.availability.api.admin.views import READS, READS_ONE, TAG, WRITES, PlacesView
from apps.bookings.api.admin.question_serializers import (
    QuestionChangeSerializer,
    QuestionInputSerializer,
    QuestionQuerySerializer,
    StaffQuestionSerializer,
)
from apps.bookings.checkout.questions import all_questions, get_question
from apps.bookings.commands.questions import add_question, change_question
from apps.core.api.pagination import page_of, paginated
from apps.core.api.schema import IDEMPOTENCY_KEY
from apps.organizations.api.permissions import Right
from apps.organizations.api.staff_authentication import staff_of


class StaffQuestionsView(PlacesView):
    """All questions of checkout."""

    rights = {"GET": Right.READ, "POST": Right.QUESTIONS}

    @extend_schema(
        operation_id="list_checkout_questions",
        tags=TAG,
        summary="Questions of checkout",
        parameters=[QuestionQuerySerializer],
        responses={200: page_of(StaffQuestionSerializer), **READS},
    )
    def get(self, request: Request) -> Response:
        """In the order of asking; those that are no longer asked, too."""
        query = self.query(request, QuestionQuerySerializer)
        filters = {name: query[name] for name in ("active", "service_id") if name in query}
        rows = all_questions(staff_of(request).organization.id).filter(**filters)
        return paginated(
            request,
            rows,
            StaffQuestionSerializer,
            ordering=("sort_order", "id"),
            page_size=query["page_size"],
        )

    @extend_schema(
        operation_id="add_checkout_question",
        tags=TAG,
        summary="Ask something at checkout",
        parameters=[IDEMPOTENCY_KEY],
        request=QuestionInputSerializer,
        responses={201: StaffQuestionSerializer, **WRITES},
    )
    def post(self, request: Request) -> HttpResponse:
        """Of everybody, or of those who book one service."""
        values = self.body(request, QuestionInputSerializer)
        return self.once(
            request,
            "questions",
            lambda actor: add_question(actor=actor, values=values),
            StaffQuestionSerializer,
            code=status.HTTP_201_CREATED,
        )


class StaffQuestionView(PlacesView):
    """One question of checkout."""

    rights = {"GET": Right.READ, "PATCH": Right.QUESTIONS}

    @extend_schema(
        operation_id="get_checkout_question",
        tags=TAG,
        summary="One question of checkout",
        responses={200: StaffQuestionSerializer, **READS_ONE},
    )
    def get(self, request: Request, question_id: UUID) -> Response:
        """Also one that is no longer asked."""
        question = get_question(staff_of(request).organization.id, question_id)
        return Response(StaffQuestionSerializer(question).data)

    @extend_schema(
        operation_id="change_checkout_question",
        tags=TAG,
        summary="Change a question of checkout",
        parameters=[IDEMPOTENCY_KEY],
        request=QuestionChangeSerializer,
        responses={200: StaffQuestionSerializer, **WRITES},
    )
    def patch(self, request: Request, question_id: UUID) -> HttpResponse:
        """Other words, another order, or `active: false`: no longer asked. What was answered stays."""
        values = self.body(request, QuestionChangeSerializer)
        return self.once(
            request,
            f"questions/{question_id}",
            lambda actor: change_question(
                actor=actor,
                question_id=question_id,
                values=values,
                expected_version=values.get("expected_version"),
            ),
            StaffQuestionSerializer,
            current=lambda: self.get(request, question_id).data,
        )
