"""`/admin/v1/availabilities`: hours, what changing them would do, and public holidays."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.availability import staff_queries
from apps.availability.api.admin.rule_serializers import (
    CopyWeekSerializer,
    HolidayImportSerializer,
    HolidaysImportedSerializer,
    PreviewInputSerializer,
    PreviewSerializer,
    RuleChangedSerializer,
    RuleChangeSerializer,
    RuleInputSerializer,
    RuleQuerySerializer,
    RuleSerializer,
    WeekCopiedSerializer,
)
from apps.availability.api.admin.views import READS, READS_ONE, TAG, WRITES, PlacesView
from apps.availability.commands.copy_week import copy_week
from apps.availability.commands.import_holidays import import_holidays
from apps.availability.commands.rules import RuleChange, add_rule, change_rule, remove_rule
from apps.availability.hours.changes import fields_of, find_rule
from apps.availability.hours.preview import preview_rule_change
from apps.core.actors import Actor
from apps.core.api.pagination import page_of, paginated
from apps.core.api.schema import IDEMPOTENCY_KEY, problems
from apps.core.versions import version_of
from apps.organizations.api.permissions import Right
from apps.organizations.api.staff_authentication import staff_of


class RulesView(PlacesView):
    """All hours."""

    rights = {"GET": Right.READ, "POST": Right.ROTA}

    @extend_schema(
        operation_id="list_availabilities",
        tags=TAG,
        summary="Hours and exceptions",
        parameters=[RuleQuerySerializer],
        responses={200: page_of(RuleSerializer), **READS},
    )
    def get(self, request: Request) -> Response:
        """Of locations and people, in the order of their making."""
        query = self.query(request, RuleQuerySerializer)
        rows = staff_queries.rules_of(staff_of(request).organization.id, filters=query)
        return paginated(request, rows, RuleSerializer, page_size=query["page_size"])

    @extend_schema(
        operation_id="add_availability",
        tags=TAG,
        summary="Add hours",
        parameters=[IDEMPOTENCY_KEY],
        request=RuleInputSerializer,
        responses={201: RuleChangedSerializer, **WRITES},
    )
    def post(self, request: Request) -> HttpResponse:
        """New hours or an exception; overlapping ones of one scope and kind are refused (RULE_OVERLAP)."""
        fields = RuleInputSerializer.fields_of(self.body(request, RuleInputSerializer))
        return self.once(
            request,
            "availabilities",
            lambda actor: add_rule(actor=actor, fields=fields),
            RuleChangedSerializer,
            code=status.HTTP_201_CREATED,
        )


class RuleView(PlacesView):
    """One rule."""

    rights = {"GET": Right.READ, "PATCH": Right.ROTA, "DELETE": Right.ROTA}

    @extend_schema(
        operation_id="get_availability",
        tags=TAG,
        summary="One rule",
        responses={200: RuleSerializer, **READS_ONE},
    )
    def get(self, request: Request, rule_id: UUID) -> Response:
        """Hours, or an exception."""
        return Response(RuleSerializer(find_rule(staff_of(request).organization.id, rule_id)).data)

    @extend_schema(
        operation_id="change_availability",
        tags=TAG,
        summary="Change hours",
        parameters=[IDEMPOTENCY_KEY],
        request=RuleChangeSerializer,
        responses={200: RuleChangedSerializer, **WRITES},
    )
    def patch(self, request: Request, rule_id: UUID) -> HttpResponse:
        """New values for what is named; what is booked stays booked."""
        values = self.body(request, RuleChangeSerializer)
        expected = values.pop("expected_version", None)

        def change(actor: Actor) -> RuleChange:
            row = find_rule(actor.organization_id, rule_id)
            return change_rule(
                actor=actor,
                rule_id=rule_id,
                fields=RuleChangeSerializer.applied(fields_of(row), values),
                # What is not named is as it was read: a change in between must not be undone.
                expected_version=version_of(row) if expected is None else expected,
            )

        return self.once(
            request,
            f"availabilities/{rule_id}",
            change,
            RuleChangedSerializer,
            current=lambda: self.get(request, rule_id).data,
        )

    @extend_schema(
        operation_id="remove_availability",
        tags=TAG,
        summary="Take hours away",
        parameters=[IDEMPOTENCY_KEY],
        responses={200: RuleChangedSerializer, **problems(400, 401, 403, 404, 409, 422)},
    )
    def delete(self, request: Request, rule_id: UUID) -> HttpResponse:
        """Free times go; what is booked stays booked."""
        return self.once(
            request,
            f"availabilities/{rule_id}",
            lambda actor: remove_rule(actor=actor, rule_id=rule_id),
            RuleChangedSerializer,
        )


class RulePreviewView(PlacesView):
    """What a change would do."""

    rights = {"POST": Right.ROTA}

    @extend_schema(
        operation_id="preview_availability",
        tags=TAG,
        summary="What a change of hours would do",
        request=PreviewInputSerializer,
        responses={200: PreviewSerializer, **problems(400, 401, 403, 404, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """The times that saving would add, take away and change. Writes nothing, so it needs no key."""
        values = self.body(request, PreviewInputSerializer)
        preview = preview_rule_change(
            organization_id=staff_of(request).organization.id,
            location_id=values["location_id"],
            fields=RuleInputSerializer.fields_of(values["rule"]) if "rule" in values else None,
            rule_id=values.get("rule_id"),
            days=values["days"],
        )
        return Response(PreviewSerializer(preview).data)


class CopyWeekView(PlacesView):
    """One person's week for others."""

    rights = {"POST": Right.ROTA}

    @extend_schema(
        operation_id="copy_week",
        tags=TAG,
        summary="Copy somebody's weekly hours to others",
        parameters=[IDEMPOTENCY_KEY],
        request=CopyWeekSerializer,
        responses={200: WeekCopiedSerializer, **WRITES},
    )
    def post(self, request: Request) -> HttpResponse:
        """Their own weekly hours are replaced; exceptions, time off and what is booked stay."""
        values = self.body(request, CopyWeekSerializer)
        return self.once(
            request,
            "availabilities/copy-week",
            lambda actor: copy_week(actor=actor, **values),
            WeekCopiedSerializer,
        )


class HolidaysView(PlacesView):
    """Public holidays."""

    rights = {"POST": Right.ROTA}

    @extend_schema(
        operation_id="import_holidays",
        tags=TAG,
        summary="Close on public holidays",
        parameters=[IDEMPOTENCY_KEY],
        request=HolidayImportSerializer,
        responses={200: HolidaysImportedSerializer, **WRITES},
    )
    def post(self, request: Request) -> HttpResponse:
        """Closed days for the holidays to come; a day that has an exception already keeps it."""
        values: dict[str, Any] = self.body(request, HolidayImportSerializer)
        return self.once(
            request,
            "availabilities/holidays",
            lambda actor: import_holidays(actor=actor, **values),
            HolidaysImportedSerializer,
        )
