"""`/admin/v1/locations`, `/people` and `/resources`: parse, one query or command, render."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.availability import staff_queries
from apps.availability.api.admin.place_serializers import (
    LocationChangeSerializer,
    LocationInputSerializer,
    LocationQuerySerializer,
    LocationSerializer,
    PersonInputSerializer,
    PersonQuerySerializer,
    ResourceChangeSerializer,
    ResourceInputSerializer,
    ResourceQuerySerializer,
    ResourceSerializer,
)
from apps.availability.api.admin.views import READS, READS_ONE, TAG, WRITES, PlacesView
from apps.availability.commands.change_location import change_location
from apps.availability.commands.change_resource import change_resource
from apps.availability.commands.create_location import create_location
from apps.availability.commands.create_resource import create_resource
from apps.availability.models import ResourceKind
from apps.availability.places.changes import LocationChanges, ResourceChanges
from apps.core.api.pagination import page_of, paginated
from apps.core.api.schema import IDEMPOTENCY_KEY
from apps.organizations.api.permissions import Right
from apps.organizations.api.staff_authentication import staff_of


class LocationsView(PlacesView):
    """All branches."""

    rights = {"GET": Right.READ, "POST": Right.PLACES}

    @extend_schema(
        operation_id="list_locations",
        tags=TAG,
        summary="Locations",
        parameters=[LocationQuerySerializer],
        responses={200: page_of(LocationSerializer), **READS},
    )
    def get(self, request: Request) -> Response:
        """Every branch in the order of its making, hidden ones too."""
        query = self.query(request, LocationQuerySerializer)
        rows = staff_queries.locations_of(staff_of(request).organization.id, active=query.get("active"))
        return paginated(request, rows, LocationSerializer, page_size=query["page_size"])

    @extend_schema(
        operation_id="create_location",
        tags=TAG,
        summary="Open a location",
        parameters=[IDEMPOTENCY_KEY],
        request=LocationInputSerializer,
        responses={201: LocationSerializer, **WRITES},
    )
    def post(self, request: Request) -> HttpResponse:
        """A new branch with its pool. It has no times before it has hours."""
        values = self.body(request, LocationInputSerializer)
        return self.once(
            request,
            "locations",
            lambda actor: create_location(actor=actor, **values),
            LocationSerializer,
            code=status.HTTP_201_CREATED,
        )


class LocationView(PlacesView):
    """One branch."""

    rights = {"GET": Right.READ, "PATCH": Right.PLACES}

    @extend_schema(
        operation_id="get_location",
        tags=TAG,
        summary="One location",
        responses={200: LocationSerializer, **READS_ONE},
    )
    def get(self, request: Request, location_id: UUID) -> Response:
        """A branch, also a hidden one."""
        location = staff_queries.location_of(staff_of(request).organization.id, location_id)
        return Response(LocationSerializer(location).data)

    @extend_schema(
        operation_id="change_location",
        tags=TAG,
        summary="Change a location",
        parameters=[IDEMPOTENCY_KEY],
        request=LocationChangeSerializer,
        responses={200: LocationSerializer, **WRITES},
    )
    def patch(self, request: Request, location_id: UUID) -> HttpResponse:
        """New values for what is named. Times follow another zone or state at once; visits stay."""
        values = self.body(request, LocationChangeSerializer)
        expected = values.pop("expected_version", None)
        return self.once(
            request,
            f"locations/{location_id}",
            lambda actor: change_location(
                actor=actor,
                location_id=location_id,
                changes=LocationChanges(**values),
                expected_version=expected,
            ),
            LocationSerializer,
            current=lambda: self.get(request, location_id).data,
        )


class ResourcesView(PlacesView):
    """Everybody and everything that visits need."""

    rights = {"GET": Right.READ, "POST": Right.PLACES}

    @extend_schema(
        operation_id="list_resources",
        tags=TAG,
        summary="Resources of all kinds",
        parameters=[ResourceQuerySerializer],
        responses={200: page_of(ResourceSerializer), **READS},
    )
    def get(self, request: Request) -> Response:
        """People, rooms, equipment and pools, in the order of their making."""
        return _page(request, self.query(request, ResourceQuerySerializer))

    @extend_schema(
        operation_id="create_resource",
        tags=TAG,
        summary="Add a resource",
        parameters=[IDEMPOTENCY_KEY],
        request=ResourceInputSerializer,
        responses={201: ResourceSerializer, **WRITES},
    )
    def post(self, request: Request) -> HttpResponse:
        """A person, room or piece of equipment; a location has its pool from the start."""
        values = self.body(request, ResourceInputSerializer)
        return self.once(
            request,
            "resources",
            lambda actor: create_resource(actor=actor, **values),
            ResourceSerializer,
            code=status.HTTP_201_CREATED,
        )


class ResourceView(PlacesView):
    """One resource."""

    rights = {"GET": Right.READ, "PATCH": Right.PLACES}
    kind: ClassVar[str | None] = None

    @extend_schema(
        operation_id="get_resource",
        tags=TAG,
        summary="One resource",
        responses={200: ResourceSerializer, **READS_ONE},
    )
    def get(self, request: Request, resource_id: UUID) -> Response:
        """A resource, also one that is switched off."""
        return self.read(request, resource_id)

    @extend_schema(
        operation_id="change_resource",
        tags=TAG,
        summary="Change a resource",
        parameters=[IDEMPOTENCY_KEY],
        request=ResourceChangeSerializer,
        responses={200: ResourceSerializer, **WRITES},
    )
    def patch(self, request: Request, resource_id: UUID) -> HttpResponse:
        """New values for what is named."""
        return self.change(request, resource_id)

    def read(self, request: Request, resource_id: UUID) -> Response:
        """One of this view's kind. Raises NotFound."""
        organization_id = staff_of(request).organization.id
        resource = staff_queries.resource_of(organization_id, resource_id, kind=self.kind)
        return Response(ResourceSerializer(resource).data)

    def change(self, request: Request, resource_id: UUID) -> HttpResponse:
        """Change one of this view's kind. Raises NotFound."""
        values = self.body(request, ResourceChangeSerializer)
        expected = values.pop("expected_version", None)
        return self.once(
            request,
            f"resources/{resource_id}",
            lambda actor: change_resource(
                actor=actor,
                resource_id=resource_id,
                changes=ResourceChanges(**values),
                kind=self.kind,
                expected_version=expected,
            ),
            ResourceSerializer,
            current=lambda: self.read(request, resource_id).data,
        )


class PeopleView(PlacesView):
    """All people (seed 003)."""

    rights = {"GET": Right.READ, "POST": Right.PLACES}

    @extend_schema(
        operation_id="list_people",
        tags=TAG,
        summary="People",
        parameters=[PersonQuerySerializer],
        responses={200: page_of(ResourceSerializer), **READS},
    )
    def get(self, request: Request) -> Response:
        """Whoever can be booked, by location, skill and state, in the order of their making."""
        return _page(request, self.query(request, PersonQuerySerializer), kind=ResourceKind.PERSON)

    @extend_schema(
        operation_id="create_person",
        tags=TAG,
        summary="Add a person",
        parameters=[IDEMPOTENCY_KEY],
        request=PersonInputSerializer,
        responses={201: ResourceSerializer, **WRITES},
    )
    def post(self, request: Request) -> HttpResponse:
        """Somebody new; they work the location's hours until they have their own."""
        values = self.body(request, PersonInputSerializer) | {"kind": ResourceKind.PERSON}
        return self.once(
            request,
            "people",
            lambda actor: create_resource(actor=actor, **values),
            ResourceSerializer,
            code=status.HTTP_201_CREATED,
        )


class PersonView(ResourceView):
    """One person."""

    kind = ResourceKind.PERSON

    @extend_schema(
        operation_id="get_person",
        tags=TAG,
        summary="One person",
        responses={200: ResourceSerializer, **READS_ONE},
    )
    def get(self, request: Request, resource_id: UUID) -> Response:
        """A person, also one who is switched off."""
        return self.read(request, resource_id)

    @extend_schema(
        operation_id="change_person",
        tags=TAG,
        summary="Change a person",
        parameters=[IDEMPOTENCY_KEY],
        request=ResourceChangeSerializer,
        responses={200: ResourceSerializer, **WRITES},
    )
    def patch(self, request: Request, resource_id: UUID) -> HttpResponse:
        """New values for what is named."""
        return self.change(request, resource_id)


def _page(request: Request, query: dict[str, Any], *, kind: str | None = None) -> Response:
    filters = query | ({"kind": kind} if kind else {})
    rows = staff_queries.resources_of(staff_of(request).organization.id, filters=filters)
    return paginated(request, rows, ResourceSerializer, page_size=query["page_size"])
