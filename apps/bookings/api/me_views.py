"""`/v1/customers/…`: a customer signs in, and sees and changes what is theirs (seed 003)."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.bookings.api.callers import KeyAndCustomer, account_of, customer_actor
from apps.bookings.api.me_serializers import (
    CustomerRefreshSerializer,
    CustomerSignInSerializer,
    CustomerTokensSerializer,
    OwnBookingSerializer,
    OwnDetailsChangeSerializer,
    OwnDetailsRefSerializer,
    OwnDetailsSerializer,
    details_body,
    tokens_body,
)
from apps.bookings.api.widget_view import WidgetView
from apps.bookings.commands.change_own_details import change_own_details
from apps.bookings.customers.own import customer_of_user, own_bookings
from apps.core.api.idempotent import answer_once
from apps.core.api.pagination import PageQuerySerializer, page_of, paginated
from apps.core.api.schema import IDEMPOTENCY_KEY, problems
from apps.core.api.serializers import to_json
from apps.core.idempotency import Answer
from apps.organizations import signing_in
from apps.organizations.api.authentication import caller_of
from apps.organizations.api.throttling import SignInThrottle
from apps.organizations.models import User

NO_STORE = {"Cache-Control": "no-store"}
TAG = ["customers"]


class CustomerTokenView(WidgetView):
    """Signs a customer in."""

    throttle_classes = [SignInThrottle]

    @extend_schema(
        operation_id="sign_in_customer",
        tags=TAG,
        summary="Sign in as a customer",
        request=CustomerSignInSerializer,
        responses={200: CustomerTokensSerializer, **problems(400, 401, 403, 413, 415, 429)},
    )
    def post(self, request: Request) -> Response:
        """Give an e-mail address and a password for an access and a refresh token."""
        data = CustomerSignInSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        organization = caller_of(request).organization
        pair = signing_in.sign_in_customer(organization_id=organization.id, **data.validated_data)
        return Response(tokens_body(pair), headers=NO_STORE)


class CustomerRefreshView(WidgetView):
    """Renews a customer's tokens."""

    @extend_schema(
        operation_id="refresh_customer_sign_in",
        tags=TAG,
        summary="Get a customer's next pair of tokens",
        request=CustomerRefreshSerializer,
        responses={200: CustomerTokensSerializer, **problems(400, 401, 403, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Give a refresh token for a new pair. Each works once; a used one ends the whole sign-in."""
        data = CustomerRefreshSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        organization = caller_of(request).organization
        pair = signing_in.renew(data.validated_data["refresh"], organization_id=organization.id)
        return Response(tokens_body(pair), headers=NO_STORE)


class _OwnView(APIView):
    """For a customer who has signed in, besides the key."""

    authentication_classes = [KeyAndCustomer]

    @staticmethod
    def ids(request: Request) -> tuple[UUID, UUID]:
        """The organization and the account."""
        return caller_of(request).organization.id, cast("UUID", account_of(request))


class OwnDetailsView(_OwnView):
    """One's own details."""

    @extend_schema(
        operation_id="read_own_details",
        tags=TAG,
        summary="Who you are to the business",
        responses={200: OwnDetailsSerializer, **problems(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """Contact details and preferences."""
        body = details_body(cast("User", request.user), customer_of_user(*self.ids(request)))
        return Response(body, headers=NO_STORE)

    @extend_schema(
        operation_id="change_own_details",
        tags=TAG,
        summary="Change your details",
        parameters=[IDEMPOTENCY_KEY],
        request=OwnDetailsChangeSerializer,
        responses={200: OwnDetailsRefSerializer, **problems(400, 401, 403, 409, 413, 415, 422)},
    )
    def patch(self, request: Request) -> HttpResponse:
        """New values for what is named; the first time, a name and a phone number."""
        actor, (_, user_id) = customer_actor(request), self.ids(request)
        country = caller_of(request).organization.country
        data = OwnDetailsChangeSerializer(data=request.data, context={"country": country})
        data.is_valid(raise_exception=True)
        changes = OwnDetailsChangeSerializer.changes(data.validated_data)

        def operation() -> Answer:
            customer = change_own_details(actor=actor, user_id=user_id, changes=changes)
            return Answer(status.HTTP_200_OK, to_json(OwnDetailsRefSerializer(customer)))

        return answer_once(
            request, actor=actor, endpoint="customers/me", payload=request.data, operation=operation
        )


class OwnBookingsView(_OwnView):
    """One's own bookings."""

    @extend_schema(
        operation_id="list_own_bookings",
        tags=TAG,
        summary="What you have booked",
        parameters=[PageQuerySerializer],
        responses={200: page_of(OwnBookingSerializer), **problems(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        """The newest first."""
        query: Any = PageQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        response = paginated(
            request,
            own_bookings(*self.ids(request)),
            OwnBookingSerializer,
            ordering=("-id",),
            page_size=query.validated_data["page_size"],
        )
        response["Cache-Control"] = "no-store"
        return response
