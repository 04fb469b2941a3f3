"""Get started: five steps from an empty business to a live site."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.backoffice.onboarding.catalogue import template_of, templates
from apps.backoffice.onboarding.forms import BrandForm, BusinessForm, EmbedForm, HoursForm
from apps.backoffice.onboarding.progress import progress_of
from apps.backoffice.onboarding.starting import begin_with_template, work_by_week
from apps.core.actors import Actor
from apps.core.errors import DomainError, InvalidInput
from apps.flows.commands.dress_widget import dress_widget
from apps.flows.models import SchedulerConfig
from apps.organizations.admin_display import local_time
from apps.organizations.commands.create_website_key import create_website_key
from apps.organizations.commands.describe_business import FIELDS, describe_business
from apps.organizations.commands.dismiss_start import dismiss_start
from apps.organizations.models import ApiKey, ApiKeyKind, Organization
from apps.organizations.staff import Area, access_of, staff_actor

Forms = dict[str, forms.Form]


def start_page(view: Callable[..., HttpResponseBase]) -> Any:
    """For those who run a business; the view gets which one."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponseBase:
        access = access_of(request)
        if not access.may(Area.BUSINESS):
            raise PermissionDenied
        return view(request, _business(request))

    return admin.site.admin_view(checked)


def _business(request: HttpRequest) -> Organization:
    """The one that the request names, else the only or the first one. Raises Http404."""
    access = access_of(request)
    own = access.organization_ids(Area.BUSINESS)
    wanted = request.POST.get("organization") or request.GET.get("organization")
    try:
        chosen = UUID(wanted) if wanted else next((key for key in access.organizations if key in own), None)
    except ValueError as error:
        raise Http404("There is no such business.") from error
    if chosen not in own:
        raise Http404("There is no such business.")
    return access.organizations[chosen]


@start_page
@require_GET
def start(request: HttpRequest, business: Organization) -> HttpResponse:
    """The five steps, the next one open."""
    return _page(request, business, {})


def _page(
    request: HttpRequest, business: Organization, sent: Forms, open_step: str = "", status: int = 200
) -> HttpResponse:
    progress = progress_of(business)
    key = _website_key(business)
    config = (
        SchedulerConfig.objects.for_organization(business)
        .filter(is_default=True)
        .select_related("brand_kit")
        .first()
    )
    fresh: Forms = {
        "business": BusinessForm(initial={field: getattr(business, field) for field in FIELDS}),
        "hours": HoursForm(),
        "brand": BrandForm(
            initial={"color_primary": config.brand_kit.color_primary if config else "#1F4E8C"}
        ),
        "embed": EmbedForm(),
    }
    context = {
        **admin.site.each_context(request),
        "title": "Get started",
        "business": business,
        "progress": progress,
        "open_step": open_step or progress.current or "embed",
        "forms": fresh | sent,
        "templates": templates(),
        "key": key,
        "live": _live(business, key),
        "brand_kit": config.brand_kit if config else None,
        "scheduler_base": request.build_absolute_uri("/").rstrip("/"),
    }
    return TemplateResponse(request, "backoffice/onboarding/start.html", context, status=status)


def _website_key(business: Organization) -> ApiKey | None:
    keys = ApiKey.objects.for_organization(business).filter(
        kind=ApiKeyKind.PUBLISHABLE, revoked_at__isnull=True
    )
    return keys.order_by("-first_seen_at", "created_at").first() if keys.exists() else None


def _live(business: Organization, key: ApiKey | None) -> dict[str, Any]:
    """Whether a page of the business has loaded the widget, and since when."""
    if key is None or key.first_seen_at is None:
        return {"live": False, "words": ""}
    when = local_time(key.first_seen_at, business.timezone)
    return {"live": True, "words": f"{key.first_seen_origin} has shown the widget since ", "when": when}


# --- The steps ---------------------------------------------------------------------------------------------


def _do(
    request: HttpRequest, business: Organization, step: str, form: forms.Form, run: Callable[[Actor], str]
) -> HttpResponse:
    """One step: check the form, run it, go on to the next; what is refused is said beside its field."""
    if form.is_valid():
        try:
            messages.success(request, run(staff_actor(request, business.pk)))
        except InvalidInput as error:
            for name, sentences in error.data["errors"].items():
                form.add_error(name if name in form.fields else None, sentences)
        except DomainError as error:
            form.add_error(None, error.detail)
        else:
            return HttpResponseRedirect(f"{reverse('admin:start')}?organization={business.pk}")
    return _page(request, business, {step: form}, step, status=422)


@start_page
@require_POST
def business_step(request: HttpRequest, business: Organization) -> HttpResponse:
    """What it is called, and where it is at home."""
    form = BusinessForm(request.POST, initial={field: getattr(business, field) for field in FIELDS})

    def run(actor: Actor) -> str:
        return f"Welcome, {describe_business(actor=actor, **form.cleaned_data).name}."

    return _do(request, business, "business", form, run)


@start_page
@require_POST
def template_step(request: HttpRequest, business: Organization) -> HttpResponse:
    """A flow to begin with, published."""
    template = template_of(request.POST.get("template", ""))
    if template is None:
        raise Http404("There is no such template.")

    def run(actor: Actor) -> str:
        begin_with_template(actor=actor, template=template)
        title = template.document.flow.title
        return f"“{title}” is published. Change its words, prices and questions whenever you like."

    return _do(request, business, "template", forms.Form({}), run)


@start_page
@require_POST
def hours_step(request: HttpRequest, business: Organization) -> HttpResponse:
    """The week."""
    form = HoursForm(request.POST)

    def run(actor: Actor) -> str:
        work_by_week(actor=actor, week=form.week())
        return "Your hours are set: customers can choose these times."

    return _do(request, business, "hours", form, run)


@start_page
@require_POST
def brand_step(request: HttpRequest, business: Organization) -> HttpResponse:
    """One colour and the logo."""
    form = BrandForm(request.POST, request.FILES)

    def run(actor: Actor) -> str:
        dress_widget(
            actor=actor,
            color_primary=form.cleaned_data["color_primary"],
            logo=form.cleaned_data["logo"],
        )
        return "The widget wears your colour."

    return _do(request, business, "brand", form, run)


@start_page
@require_POST
def embed_step(request: HttpRequest, business: Organization) -> HttpResponse:
    """A key for the website."""
    form = EmbedForm(request.POST)

    def run(actor: Actor) -> str:
        create_website_key(actor=actor, name="Website", origins=form.cleaned_data["origins"])
        return "Your key is ready. Copy the lines below into your site."

    return _do(request, business, "embed", form, run)


@start_page
@require_POST
def dismiss(request: HttpRequest, business: Organization) -> HttpResponse:
    """Show the day from now on."""
    dismiss_start(actor=staff_actor(request, business.pk))
    messages.info(request, "You find the rest under “Get started” in the menu.")
    return HttpResponseRedirect(reverse("admin:index"))


@start_page
@require_GET
def live(request: HttpRequest, business: Organization) -> JsonResponse:  # noqa: ARG001  (as every page)
    """Whether the site is live; the page asks every few seconds."""
    return JsonResponse(_live(business, _website_key(business)))
