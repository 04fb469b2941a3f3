"""Whose flows and versions may be looked at, and the frame around these pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from apps.core.actors import Actor
from apps.core.errors import NotFound
from apps.flows.models import BookingFlow, FlowStatus, FlowVersion
from apps.organizations.staff import Area, access_of, staff_actor

View = Callable[..., HttpResponseBase]


def flow_page(view: View) -> View:
    """For signed-in people who look after the flows of some business."""

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
    """A flow of one's own businesses, with its published version. Raises NotFound. One query."""
    flow = (
        BookingFlow.objects.all_organizations(reason="a person may work for several businesses")
        .filter(id=flow_id, organization__in=access_of(request).organization_ids(Area.CATALOGUE))
        .exclude(status=FlowStatus.DELETED)
        .select_related("organization", "published_version")
        .first()
    )
    if flow is None:
        raise NotFound
    return flow


def version_of(flow: BookingFlow, number: int) -> FlowVersion:
    """One version of a flow. Raises NotFound."""
    version = (
        FlowVersion.objects.for_organization(flow.organization_id).filter(flow=flow, number=number).first()
    )
    if version is None:
        raise NotFound
    return version


def acting(request: HttpRequest, flow: BookingFlow) -> Actor:
    """Who acts, in the flow's organization."""
    return staff_actor(request, flow.organization_id)


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """One of these pages in the admin's frame."""
    return TemplateResponse(
        request, f"backoffice/versions/{template}.html", {**admin.site.each_context(request), **context}
    )
