"""`/v1/questions` and `/v1/checkout` (seed 004): parse, one query or command, render."""

import json
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.bookings.api.booking_serializers import booking_body
from apps.bookings.api.callers import KEY_OR_BOTH, KeyPerhapsCustomer, account_of, checkout_actor
from apps.bookings.api.checkout_serializers import (
    CheckoutInputSerializer,
    CheckoutSerializer,
    OrderSerializer,
    QuestionsQuerySerializer,
    QuestionsSerializer,
)
from apps.bookings.api.linked import STORED, answer_once_with_links
from apps.bookings.api.widget_view import WidgetView
from apps.bookings.checkout.checks import CheckedOut
from apps.bookings.checkout.orders import lines_of_bookings
from apps.bookings.checkout.questions import questions_for
from apps.bookings.commands.check_out import check_out
from apps.bookings.models import Order
from apps.bookings.queries import hold_expires_at, in_time
from apps.bookings.sweeping import ending_what_expired
from apps.core.api.schema import MUTATION_HEADERS, problems
from apps.core.api.serializers import to_json, validated
from apps.core.clock import app_now
from apps.core.idempotency import Answer
from apps.organizations.api.authentication import caller_of


class QuestionsView(WidgetView):
    """What checkout asks."""

    @extend_schema(
        operation_id="list_questions",
        tags=["checkout"],
        summary="What has to be answered at checkout",
        parameters=[
            OpenApiParameter(
                name="service_id",
                type={"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": 20},
                description="The services to be booked; repeat it for several.",
            )
        ],
        responses={200: QuestionsSerializer, **problems(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        """The questions of the business, and those of the services that are going to be booked."""
        given = {name: request.query_params.getlist(name) for name in request.query_params}
        query = QuestionsQuerySerializer(data=given)
        query.is_valid(raise_exception=True)
        questions = questions_for(caller_of(request).organization.id, query.validated_data["service_id"])
        return Response(QuestionsSerializer({"questions": questions}).data)


class CheckoutView(WidgetView):
    """Makes bookings of holds."""

    authentication_classes = [KeyPerhapsCustomer]

    @extend_schema(
        operation_id="check_out",
        tags=["checkout"],
        summary="Book what you hold",
        auth=KEY_OR_BOTH,
        parameters=MUTATION_HEADERS,
        request=CheckoutInputSerializer,
        responses={201: CheckoutSerializer, **problems(400, 401, 403, 404, 409, 410, 413, 415, 422)},
    )
    def post(self, request: Request) -> HttpResponse:
        """All of the holds become bookings, or none does. A signed-in customer sends their token as well.

        Where the business wants to be paid first, the bookings stay `held` until the order is paid.
        """
        actor, organization = checkout_actor(request), caller_of(request).organization
        values = validated(CheckoutInputSerializer, request.data, context={"country": organization.country})
        wanted = CheckoutInputSerializer.wanted(values, user_id=account_of(request))

        def operation() -> Answer:
            done = check_out(actor=actor, policy=organization.policy, wanted=wanted)
            return Answer(status.HTTP_201_CREATED, _body(done))

        with ending_what_expired(organization.id):
            return answer_once_with_links(
                request,
                actor=actor,
                endpoint=f"checkout {account_of(request) or ''}",
                payload=request.data,
                operation=operation,
            )


def _body(done: CheckedOut) -> str:
    """As it is stored: with the ids of the links. `answer_once_with_links` puts their tokens in."""
    bookings = [booking for booking, _ in done.bookings]
    organization_id = bookings[0].organization_id
    timed = in_time(organization_id, lines_of_bookings(organization_id, [one.id for one in bookings]))
    now = app_now()
    rendered = []
    for booking, link in done.bookings:
        lines = [one for one in timed if one.line.booking_id == booking.id]
        body = booking_body(booking, lines, hold_expires_at=hold_expires_at(booking), now=now)
        rendered.append({**json.loads(body), STORED: str(link.id)})
    return json.dumps({"order": _order(done.order), "bookings": rendered})


def _order(order: Order | None) -> Any:
    if order is None:
        return None
    items = order.items.order_by("id")
    values = {name: getattr(order, name) for name in ("id", "reference", "status", "total", "currency")}
    return json.loads(to_json(OrderSerializer({**values, "payment": order.payment, "items": items})))
