"""A new flow: with the usual steps, or from one of the other beginnings that there are."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from apps.backoffice.builder.access import flow_page
from apps.backoffice.builder.starts import other_starts
from apps.backoffice.rota.access import refuse
from apps.backoffice.rota.forms import CalmForm
from apps.core.errors import DomainError
from apps.flows.commands.create_flow import create_flow
from apps.organizations.models import Organization
from apps.organizations.staff import Area, access_of, staff_actor


class StartForm(CalmForm):
    """The name of a flow; whose it is, where somebody works for several businesses."""

    title = forms.CharField(
        max_length=120, label="Name", help_text="Such as “Book a visit”. Your team and your customers see it."
    )
    organization = forms.ChoiceField(label="Business")

    def __init__(self, *args: Any, businesses: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(businesses) == 1:
            del self.fields["organization"]
            return
        choices = [(str(business.pk), business.name) for business in businesses]
        self.fields["organization"].choices = choices  # type: ignore[attr-defined]  # a choice field


def begin(request: HttpRequest) -> HttpResponse:
    """Choose how to begin; a name is enough."""
    access = access_of(request)
    ids = access.organization_ids(Area.CATALOGUE)
    businesses = [business for business in access.organizations.values() if business.pk in ids]
    form = StartForm(request.POST or None, businesses=businesses)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("organization") or str(businesses[0].pk)
        owner = next(business for business in businesses if str(business.pk) == chosen)
        try:
            flow = create_flow(actor=staff_actor(request, owner.pk), title=form.cleaned_data["title"])
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "The flow has its usual steps. Look at each of them, then publish.")
            return HttpResponseRedirect(reverse("admin:flows_bookingflow_change", args=[flow.pk]))
    return TemplateResponse(
        request,
        "backoffice/builder/start.html",
        {
            **admin.site.each_context(request),
            "title": "New flow",
            "form": form,
            "action": reverse("admin:flow_start"),
            "starts": other_starts(access),
            "back": reverse("admin:flows_bookingflow_changelist"),
        },
    )


start = flow_page(begin)
