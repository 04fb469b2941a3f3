"""Who may open the roster's pages, and whose branch they are about."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from apps.availability.models import Location, Resource, ResourceKind, SellsFrom, TimeOff
from apps.core.actors import Actor
from apps.core.errors import DomainError, InvalidInput, NotFound
from apps.organizations.staff import Area, access_of, staff_actor

View = Callable[..., HttpResponseBase]
DIALOG_HEADER = "X-Bo-Dialog"


def rota_page(view: View) -> View:
    """For signed-in people who plan the work of some business."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access_of(request).may(Area.ROTA):
            raise PermissionDenied
        try:
            return _for_dialog(request, view(request, *args, **kwargs))
        except NotFound as error:
            raise Http404(error.detail) from error

    return admin.site.admin_view(checked)


def _for_dialog(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A dialog is told where to go: following by itself, it would use up the message for that page."""
    if DIALOG_HEADER in request.headers and isinstance(response, HttpResponseRedirect):
        return HttpResponse(headers={"X-Bo-Location": response.url})
    return response


def own_locations(request: HttpRequest) -> list[Location]:
    """The branches of everywhere that this person plans, those in use first. One query."""
    ids = access_of(request).organization_ids(Area.ROTA)
    rows = Location.objects.all_organizations(reason="a person may work for several businesses")
    found = rows.filter(organization__in=ids).select_related("organization__policy")
    return list(found.order_by("-active", "organization__name", "name"))


def chosen_location(locations: list[Location], wanted: str | None) -> Location | None:
    """The branch by its id, without one the first. Raises Http404 for anybody else's."""
    if not wanted:
        return locations[0] if locations else None
    for location in locations:
        if str(location.pk) == wanted:
            return location
    raise Http404("There is no such location.")


def location_or_404(request: HttpRequest, wanted: str | None = None) -> Location:
    """The branch that a request names, or the first one. Raises Http404."""
    location = chosen_location(own_locations(request), wanted or request.GET.get("location"))
    if location is None:
        raise Http404("Add a location first.")
    return location


def own_resource(request: HttpRequest, resource_id: str | UUID) -> Resource:
    """Somebody or something of one's own businesses, with its location. Raises Http404."""
    resource: Resource = _own(
        request, Resource, resource_id, "location__organization__policy", "organization"
    )
    return resource


def own_time_off(request: HttpRequest, time_off_id: UUID) -> TimeOff:
    """A time off of one's own businesses, cancelled ones too. Raises Http404."""
    row: TimeOff = _own(request, TimeOff, time_off_id, "resource__location", "organization")
    return row


def _own(request: HttpRequest, model: Any, row_id: Any, *related: str) -> Any:
    try:
        wanted = row_id if isinstance(row_id, UUID) else UUID(str(row_id))
    except ValueError as error:
        raise Http404("There is nothing here by that id.") from error
    rows = model.objects.all_organizations(reason="a person may work for several businesses").filter(
        organization__in=access_of(request).organization_ids(Area.ROTA), pk=wanted
    )
    row = rows.select_related(*related).first()
    if row is None:
        raise Http404("There is nothing here by that id.")
    return row


def people_of(location: Location) -> list[Resource]:
    """Whom customers of this branch book and who is in service: its people, or its pool."""
    kind = ResourceKind.PERSON if location.sells_from == SellsFrom.PEOPLE else ResourceKind.POOL
    rows = Resource.objects.for_organization(location.organization_id)
    return list(rows.filter(location=location, kind=kind, active=True).order_by("name", "id"))


def acting(request: HttpRequest, row: Any) -> Actor:
    """Who acts, in the organization of a row."""
    return staff_actor(request, row.organization_id)


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """One of our pages in the admin's frame."""
    return TemplateResponse(
        request, f"backoffice/rota/{template}.html", {**admin.site.each_context(request), **context}
    )


def refuse(form: forms.Form, error: DomainError, field: str | None = None) -> None:
    """Say a command's refusal beside the fields that it is about, else on top of the form."""
    if not isinstance(error, InvalidInput):
        form.add_error(field if field in form.fields else None, error.detail)
        return
    for name, sentences in error.data["errors"].items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
