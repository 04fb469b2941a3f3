"""Switches of a branch and its team that touch what is booked: each says what it means before it is done."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.availability.commands.set_capacity import set_capacity
from apps.availability.commands.set_sells_from import set_sells_from
from apps.availability.models import Resource, ResourceKind, SellsFrom
from apps.availability.places.previews import Preview, preview_capacity, preview_sells_from
from apps.availability.slots.in_words import times_in_words
from apps.backoffice.rota.access import (
    acting,
    location_or_404,
    own_resource,
    page,
    refuse,
    rota_page,
)
from apps.backoffice.rota.forms import CapacityForm
from apps.core.errors import DomainError


@rota_page
def sells_from(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """Let customers book people instead of places, or the other way round."""
    location = location_or_404(request, str(location_id))
    other = SellsFrom.POOL if location.sells_from == SellsFrom.PEOPLE else SellsFrom.PEOPLE
    back = reverse("admin:availability_location_change", args=[location.pk])
    if request.method == "POST":
        try:
            done = set_sells_from(
                actor=acting(request, location),
                location_id=location.pk,
                sells_from=request.POST.get("to", ""),
            )
        except DomainError as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, f"Switched. {times_in_words(done.slots)}")
        return HttpResponseRedirect(back)
    preview = preview_sells_from(
        organization_id=location.organization_id, location_id=location.pk, sells_from=other
    )
    return page(
        request,
        "sells_from",
        title="What customers book",
        location=location,
        other=other,
        preview=preview,
        back=back,
    )


@rota_page
def capacity(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    """How many somebody serves at the same time: look at what it means, then do it."""
    resource = own_resource(request, resource_id)
    form = CapacityForm(request.POST or None, initial={"capacity": resource.capacity})
    back = _back_to(resource)
    preview: Preview | None = None
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["capacity"]
        try:
            if request.POST.get("step") == "save":
                done = set_capacity(actor=acting(request, resource), resource_id=resource.pk, capacity=wanted)
                messages.success(request, f"Saved. {times_in_words(done.slots)}")
                return HttpResponseRedirect(back)
            preview = preview_capacity(
                organization_id=resource.organization_id, resource_id=resource.pk, capacity=wanted
            )
        except DomainError as error:
            refuse(form, error, "capacity")
    return page(
        request,
        "capacity",
        title="Customers at the same time",
        form=form,
        resource=resource,
        preview=preview,
        back=back,
    )


def _back_to(resource: Resource) -> str:
    if resource.kind == ResourceKind.POOL:
        return reverse("admin:availability_location_change", args=[resource.location_id])
    return reverse("admin:availability_resource_change", args=[resource.pk])


@rota_page
def photo(request: HttpRequest, resource_id: UUID) -> HttpResponse | FileResponse:
    """Somebody's photo, to those who plan their work."""
    resource = own_resource(request, resource_id)
    if not resource.photo:
        raise Http404("No photo.")
    try:
        return FileResponse(resource.photo.open("rb"), headers={"X-Content-Type-Options": "nosniff"})
    except FileNotFoundError as error:
        raise Http404("No photo.") from error
