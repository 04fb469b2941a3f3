"""Flows as files: export, import after a look at it; duplicating and deleting a flow."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from apps.backoffice.builder.access import flow_page, own_flow
from apps.backoffice.versions.access import acting, page
from apps.backoffice.versions.forms import FileForm, LocationsForm
from apps.core.errors import DomainError
from apps.flows.commands.delete_flow import delete_flow
from apps.flows.commands.duplicate_flow import duplicate_flow
from apps.flows.commands.import_flow import import_flow
from apps.flows.errors import FlowFileInvalid
from apps.flows.models import BookingFlow
from apps.flows.neighbours import locations_of, uses_of
from apps.flows.portable.exporting import document_of, file_of
from apps.flows.portable.parsing import parse_flow_file
from apps.flows.portable.planning import plan_import
from apps.organizations.models import Organization
from apps.organizations.staff import Area, access_of, staff_actor


def flow_url(flow: BookingFlow) -> str:
    """The flow's own page."""
    return reverse("admin:flows_bookingflow_change", args=[flow.pk])


@flow_page
def export(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """The draft as a file to keep, or to take elsewhere."""
    flow = own_flow(request, flow_id)
    response = HttpResponse(file_of(document_of(flow)), content_type="application/json")
    name = slugify(flow.title) or "flow"
    response["Content-Disposition"] = f'attachment; filename="{name}.flow.json"'
    return response


@flow_page
@require_POST
def duplicate(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """A copy to try something with."""
    flow = own_flow(request, flow_id)
    twin = duplicate_flow(actor=acting(request, flow), flow_id=flow.id)
    messages.success(request, f"This is “{twin.title}”, a draft of its own. Nobody sees it yet.")
    return HttpResponseRedirect(flow_url(twin))


@flow_page
def delete(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """Say what deleting means, or what stands in its way; then delete."""
    flow = own_flow(request, flow_id)
    if request.method == "POST":
        try:
            delete_flow(actor=acting(request, flow), flow_id=flow.id)
        except DomainError as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, f"“{flow.title}” was deleted. Who is booking through it can finish.")
            return HttpResponseRedirect(reverse("admin:flows_bookingflow_changelist"))
    uses = uses_of(flow.organization_id, flow.id)
    return page(request, "delete", title=f"Delete {flow.title}", flow=flow, uses=uses)


# --- Importing --------------------------------------------------------------------------------------


@flow_page
def import_file(request: HttpRequest) -> HttpResponse:
    """Choose a file, look at what it brings, import."""
    owners = _owners(request)
    sent = request.method == "POST"
    form = FileForm(request.POST if sent else None, request.FILES if sent else None, owners=owners)
    context: dict[str, Any] = {"title": "Import a flow", "form": form}
    if form.is_valid():
        owner: Organization = form.cleaned_data["organization"]
        try:
            return _looked_at(request, form, owner, context)
        except FlowFileInvalid as error:
            context["file_problems"] = error.problems
    return page(request, "import", **context)


def _owners(request: HttpRequest) -> list[Organization]:
    access = access_of(request)
    ids = access.organization_ids(Area.CATALOGUE)
    return [organization for key, organization in access.organizations.items() if key in ids]


def _looked_at(
    request: HttpRequest, form: FileForm, owner: Organization, context: dict[str, Any]
) -> HttpResponse:
    """The file has been read: show what it brings, or do it."""
    document = parse_flow_file(form.cleaned_data["raw"])
    plan = plan_import(owner.id, document)
    again = request.POST.get("step") == "import"
    asked = LocationsForm(
        request.POST if again else None, names=plan.missing_locations, locations=locations_of(owner.id)
    )
    if again and asked.is_valid():
        imported = import_flow(
            actor=staff_actor(request, owner.id), document=document, locations=asked.chosen()
        )
        messages.success(request, f"“{imported.flow}” is here, as a draft that nobody sees yet.")
        return HttpResponseRedirect(flow_url(imported.flow))
    context |= {
        "plan": plan,
        "new": [item for item in plan.items() if not item.reused],
        "reused": [item for item in plan.items() if item.reused],
        "asked": asked,
        "owner": owner,
        "text": form.cleaned_data["raw"].decode("utf-8-sig"),
    }
    return page(request, "import", **context)
