"""`/v1/waitlist`: parse, one command, render."""

import json

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request

from apps.bookings.api.booking_serializers import BookingSerializer, booking_body
from apps.bookings.api.by_link import LinkView, customer_of
from apps.bookings.api.linked import STORED, answer_once_with_links
from apps.bookings.api.waitlist_serializers import (
    WaitlistedSerializer,
    WaitlistInputSerializer,
    WaitlistOfferSerializer,
    offer_body,
)
from apps.bookings.api.widget_view import WidgetView
from apps.bookings.commands.accept_offer import accept_offer
from apps.bookings.commands.decline_offer import decline_offer
from apps.bookings.commands.join_waitlist import join_waitlist
from apps.bookings.commands.leave_waitlist import leave_waitlist
from apps.bookings.models import Booking, WaitlistOffer
from apps.bookings.queries import hold_expires_at, in_time, lines_of_booking, lines_of_holds
from apps.bookings.self_service.links import booking_of_link, newest_token_of
from apps.bookings.self_service.managed import appearance_of
from apps.bookings.states import OfferStatus
from apps.bookings.waitlist.links import offer_of_token
from apps.core.api.idempotent import answer_once
from apps.core.api.schema import IDEMPOTENCY_KEY, MUTATION_HEADERS, problems
from apps.core.clock import app_now
from apps.core.idempotency import Answer
from apps.organizations.api.authentication import caller_of, session_actor
from apps.routing.queries import brand_kit_json, organization_json


class WaitlistView(WidgetView):
    """The waitlist."""

    @extend_schema(
        operation_id="join_waitlist",
        tags=["waitlist"],
        summary="Wait for a time when nothing is free",
        parameters=MUTATION_HEADERS,
        request=WaitlistInputSerializer,
        responses={201: WaitlistedSerializer, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Join the line of a location, for services, days, times and perhaps a person."""
        actor, organization = session_actor(request), caller_of(request).organization
        data = WaitlistInputSerializer(data=request.data, context={"country": organization.country})
        data.is_valid(raise_exception=True)
        values = data.validated_data

        def operation() -> Answer:
            booking, link = join_waitlist(
                actor=actor,
                policy=organization.policy,
                wish=WaitlistInputSerializer.wish(values),
                details=WaitlistInputSerializer.details(values),
            )
            body = {**json.loads(_booking_body(booking)), STORED: str(link.id)}
            return Answer(status.HTTP_201_CREATED, json.dumps(body))

        return answer_once_with_links(
            request, actor=actor, endpoint="waitlist", payload=request.data, operation=operation
        )


class OfferView(LinkView):
    """An offer."""

    @extend_schema(
        operation_id="get_waitlist_offer",
        tags=["waitlist"],
        summary="Read what you are offered",
        responses={200: WaitlistOfferSerializer, **problems(404)},
    )
    def get(self, request: Request, token: str) -> HttpResponse:
        """The time, and until when it is yours to take."""
        response = HttpResponse(_offer_body(request, offer_of_token(token)), content_type="application/json")
        response["Cache-Control"] = "no-store"
        return response


class OfferAcceptView(LinkView):
    """Accepts offers."""

    @extend_schema(
        operation_id="accept_waitlist_offer",
        tags=["waitlist"],
        summary="Take the offered time",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: BookingSerializer, **problems(400, 404, 409, 410, 422)},
    )
    def post(self, request: Request, token: str) -> HttpResponse:
        """The offered time becomes the booking's."""
        offer = offer_of_token(token)
        actor = customer_of(offer.entry.booking)

        def operation() -> Answer:
            booking = accept_offer(actor=actor, policy=offer.organization.policy, offer_id=offer.id)
            return Answer(status.HTTP_200_OK, _booking_body(booking))

        return answer_once(
            request,
            actor=actor,
            endpoint=f"waitlist/offers/{offer.id}/accept",
            payload=None,
            operation=operation,
        )


class OfferDeclineView(LinkView):
    """Declines offers."""

    @extend_schema(
        operation_id="decline_waitlist_offer",
        tags=["waitlist"],
        summary="Wait for another time instead",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: WaitlistOfferSerializer, **problems(400, 404, 409, 410, 422)},
    )
    def post(self, request: Request, token: str) -> HttpResponse:
        """The offered time goes to the next in the line."""
        offer = offer_of_token(token)
        actor = customer_of(offer.entry.booking)

        def operation() -> Answer:
            decline_offer(actor=actor, offer_id=offer.id)
            return Answer(status.HTTP_200_OK, _offer_body(request, offer_of_token(token)))

        return answer_once(
            request,
            actor=actor,
            endpoint=f"waitlist/offers/{offer.id}/decline",
            payload=None,
            operation=operation,
        )


class LeaveWaitlistView(LinkView):
    """Takes bookings off the waitlist."""

    @extend_schema(
        operation_id="leave_waitlist",
        tags=["waitlist"],
        summary="Wait no longer",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: BookingSerializer, **problems(400, 404, 409, 422)},
    )
    def post(self, request: Request, token: str) -> HttpResponse:
        """By the link to the waitlisted booking; what it was offered goes to the next in the line."""
        booking = booking_of_link(token)
        actor = customer_of(booking)

        def operation() -> Answer:
            left = leave_waitlist(actor=actor, booking_id=booking.id)
            return Answer(status.HTTP_200_OK, _booking_body(left))

        return answer_once(
            request,
            actor=actor,
            endpoint=f"waitlist/{booking.id}/leave",
            payload=None,
            operation=operation,
        )


def _booking_body(booking: Booking) -> str:
    lines = in_time(booking.organization_id, lines_of_booking(booking))
    return booking_body(booking, lines, hold_expires_at=hold_expires_at(booking), now=app_now())


def _offer_body(request: Request, offer: WaitlistOffer) -> str:
    lines = in_time(offer.organization_id, lines_of_holds(offer.organization_id, [offer.hold_id]))
    config = appearance_of(offer.entry.booking)
    return offer_body(
        offer,
        lines,
        manage_token=newest_token_of(offer.entry.booking) if offer.status == OfferStatus.ACCEPTED else None,
        organization=organization_json(offer.organization),
        brand_kit=brand_kit_json(config.brand_kit, request.build_absolute_uri("/")) if config else None,
        now=app_now(),
    )
