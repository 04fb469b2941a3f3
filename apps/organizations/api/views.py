"""`/admin/v1/auth/…` and `/admin/v1/me`: parse, one call, render."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.schema import problems
from apps.organizations import signing_in
from apps.organizations.api.permissions import Right, StaffView
from apps.organizations.api.serializers import (
    MeSerializer,
    RefreshSerializer,
    SignInSerializer,
    TokenPairSerializer,
    me_body,
    pair_body,
)
from apps.organizations.api.staff_authentication import staff_of
from apps.organizations.api.throttling import SignInThrottle
from apps.organizations.commands.close_staff_session import close_staff_session
from apps.organizations.staff_tokens import read_refresh_token

# Tokens are secrets: no cache on the way may keep them, and no idempotency record does.
NO_STORE = {"Cache-Control": "no-store"}


class TokenView(APIView):
    """Signs in."""

    throttle_classes = [SignInThrottle]

    @extend_schema(
        operation_id="sign_in",
        tags=["admin"],
        summary="Sign in to the Admin API",
        auth=[],
        request=SignInSerializer,
        responses={200: TokenPairSerializer, **problems(400, 401, 403, 409, 413, 415, 429)},
    )
    def post(self, request: Request) -> Response:
        """Give an e-mail address and a password for an access and a refresh token."""
        data = SignInSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        return Response(pair_body(signing_in.sign_in(**data.validated_data)), headers=NO_STORE)


class RefreshView(APIView):
    """Renews tokens."""

    @extend_schema(
        operation_id="refresh_sign_in",
        tags=["admin"],
        summary="Get the next pair of tokens",
        auth=[],
        request=RefreshSerializer,
        responses={200: TokenPairSerializer, **problems(400, 401, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Give a refresh token for a new pair. Each works once; a used one ends the whole sign-in."""
        return Response(pair_body(signing_in.renew(_refresh_of(request))), headers=NO_STORE)


class SignOutView(StaffView):
    """Signs out."""

    rights = {"POST": Right.READ}

    @extend_schema(
        operation_id="sign_out",
        tags=["admin"],
        summary="Sign out",
        request=RefreshSerializer,
        responses={204: None, **problems(400, 401, 403, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """End the sign-in of this refresh token. An access token runs out by itself, in minutes."""
        claims = read_refresh_token(_refresh_of(request))
        close_staff_session(membership=staff_of(request).membership, claims=claims)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(StaffView):
    """Says who calls."""

    rights = {"GET": Right.READ}

    @extend_schema(
        operation_id="read_me",
        tags=["admin"],
        summary="Who you are and what you may do",
        responses={200: MeSerializer, **problems(401, 403)},
    )
    def get(self, request: Request) -> Response:
        """The signed-in person, the business and the role as they are now."""
        return Response(me_body(staff_of(request).membership))


def _refresh_of(request: Request) -> Any:
    data = RefreshSerializer(data=request.data)
    data.is_valid(raise_exception=True)
    return data.validated_data["refresh"]
