"""Who may build flows, and whose flow an address is about."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from apps.core.errors import NotFound
from apps.flows.models import BookingFlow, BookingFlowStep, FlowStatus
from apps.organizations.staff import Area, access_of

View = Callable[..., HttpResponseBase]


def flow_page(view: View) -> View:
    """For signed-in people who work with the flows of some business."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access_of(request).may(Area.CATALOGUE):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(error.detail) from error

    return admin.site.admin_view(checked)


def own_flow(request: HttpRequest, flow_id: UUID) -> BookingFlow:
    """A flow of one's own businesses, with organization and published version. Raises NotFound. One query."""
    flow = (
        BookingFlow.objects.all_organizations(reason="a person may work for several businesses")
        .filter(id=flow_id, organization__in=access_of(request).organization_ids(Area.CATALOGUE))
        .exclude(status=FlowStatus.DELETED)
        .select_related("organization__policy", "published_version")
        .first()
    )
    if flow is None:
        raise NotFound
    return flow


def own_step(request: HttpRequest, step_id: UUID) -> BookingFlowStep:
    """A step of one's own businesses' flows, with its flow. Raises NotFound. One query."""
    step = (
        BookingFlowStep.objects.all_organizations(reason="a person may work for several businesses")
        .filter(id=step_id, flow__organization__in=access_of(request).organization_ids(Area.CATALOGUE))
        .exclude(flow__status=FlowStatus.DELETED)
        .select_related("flow")
        .first()
    )
    if step is None:
        raise NotFound
    return step
