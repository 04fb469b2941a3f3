"""Which version a page is about, and the frame around these pages. Who may open them: builder/access.py."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.core.actors import Actor
from apps.core.errors import NotFound
from apps.flows.models import BookingFlow, FlowVersion
from apps.organizations.staff import staff_actor


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
