"""`/admin/v1/customers` (seed 004): parse, one query or command, render."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.availability.api.admin.views import READS, READS_ONE, TAG, WRITES, PlacesView
from apps.bookings.api.admin.customer_serializers import (
    CustomerChangeSerializer,
    CustomerDetailSerializer,
    CustomerQuerySerializer,
    CustomerRefSerializer,
    CustomerSerializer,
    MergeSerializer,
)
from apps.bookings.commands.change_customer import change_customer
from apps.bookings.commands.erase_customer import erase_customer
from apps.bookings.commands.merge_customers import merge_customers
from apps.bookings.commands.read_customer import export_customer, view_customer
from apps.bookings.customers.reads import customers_of, get_customer, look_alikes, named
from apps.bookings.models import Customer
from apps.core.api.pagination import page_of, paginated
from apps.core.api.schema import IDEMPOTENCY_KEY, problems
from apps.organizations.api.permissions import Right
from apps.organizations.api.staff_authentication import staff_of

ENDS = problems(400, 401, 403, 404, 409, 422)
NO_STORE = {"Cache-Control": "no-store"}


class CustomersView(PlacesView):
    """Everybody who booked."""

    rights = {"GET": Right.CUSTOMERS}

    @extend_schema(
        operation_id="list_customers",
        tags=TAG,
        summary="Customers",
        parameters=[CustomerQuerySerializer],
        responses={200: page_of(CustomerSerializer), **READS},
    )
    def get(self, request: Request) -> Response:
        """In the order of their first booking; those who became part of another are left out."""
        query = self.query(request, CustomerQuerySerializer)
        organization_id = staff_of(request).organization.id
        wanted = {name: query.get(name, "") for name in ("phone", "email", "name")}
        rows = customers_of(organization_id).filter(named(organization_id, **wanted))
        response = paginated(request, rows, CustomerSerializer, page_size=query["page_size"])
        response["Cache-Control"] = "no-store"
        return response


class CustomerView(PlacesView):
    """One customer."""

    rights = {"GET": Right.CUSTOMERS, "PATCH": Right.CUSTOMERS}

    @extend_schema(
        operation_id="get_customer",
        tags=TAG,
        summary="One customer",
        responses={200: CustomerDetailSerializer, **READS_ONE},
    )
    def get(self, request: Request, customer_id: UUID) -> Response:
        """Who they are and who may be the same person. The log notes who looked."""
        customer = view_customer(actor=staff_of(request).actor, customer_id=customer_id, through="api")
        return Response(_detail(customer), headers=NO_STORE)

    @extend_schema(
        operation_id="change_customer",
        tags=TAG,
        summary="Correct a customer's details",
        parameters=[IDEMPOTENCY_KEY],
        request=CustomerChangeSerializer,
        responses={200: CustomerRefSerializer, **WRITES},
    )
    def patch(self, request: Request, customer_id: UUID) -> HttpResponse:
        """New values for what is named. The answer names nobody; read the customer for the details."""
        values = self.body(request, CustomerChangeSerializer)
        return self.once(
            request,
            f"customers/{customer_id}",
            lambda actor: change_customer(
                actor=actor,
                customer_id=customer_id,
                changes=CustomerChangeSerializer.changes(values),
                expected_version=values.get("expected_version"),
            ),
            CustomerRefSerializer,
            current=lambda: _detail(get_customer(staff_of(request).organization.id, customer_id)),
        )


class CustomerMergeView(PlacesView):
    """Merges two customers."""

    rights = {"POST": Right.CUSTOMERS}

    @extend_schema(
        operation_id="merge_customers",
        tags=TAG,
        summary="Make a customer part of another",
        parameters=[IDEMPOTENCY_KEY],
        request=MergeSerializer,
        responses={200: CustomerRefSerializer, **WRITES},
    )
    def post(self, request: Request, customer_id: UUID) -> HttpResponse:
        """Bookings, orders and account go over to `into_id`, who is the answer. There is no way back."""
        into_id = self.body(request, MergeSerializer)["into_id"]
        return self.once(
            request,
            f"customers/{customer_id}/merge",
            lambda actor: merge_customers(actor=actor, customer_id=customer_id, into_id=into_id),
            CustomerRefSerializer,
        )


class CustomerExportView(PlacesView):
    """Exports a customer."""

    rights = {"GET": Right.CUSTOMERS}

    @extend_schema(
        operation_id="export_customer",
        tags=TAG,
        summary="Everything that is known of a customer",
        responses={200: OpenApiTypes.OBJECT, **READS_ONE},
    )
    def get(self, request: Request, customer_id: UUID) -> Response:
        """As a file of JSON, for whoever asks what you know of them."""
        known = export_customer(actor=staff_of(request).actor, customer_id=customer_id)
        name = f'attachment; filename="customer-{customer_id}.json"'
        return Response(known, headers={**NO_STORE, "Content-Disposition": name})


class CustomerEraseView(PlacesView):
    """Erases a customer."""

    rights = {"POST": Right.CUSTOMERS}

    @extend_schema(
        operation_id="erase_customer",
        tags=TAG,
        summary="Forget a customer",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: CustomerRefSerializer, **ENDS},
    )
    def post(self, request: Request, customer_id: UUID) -> HttpResponse:
        """All that names them becomes unreadable. Refused while they have a visit to come; no way back."""
        return self.once(
            request,
            f"customers/{customer_id}/erase",
            lambda actor: erase_customer(actor=actor, customer_id=customer_id),
            CustomerRefSerializer,
            code=status.HTTP_200_OK,
        )


def _detail(customer: Customer) -> Any:
    customer.look_alike_ids = list(look_alikes(customer).values_list("id", flat=True)[:20])  # type: ignore[attr-defined]  # for the serializer
    return CustomerDetailSerializer(customer).data
