"""Beside the list of rules: the tester, examples while typing, moving a rule, files in and out."""

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
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.backoffice.rota.access import refuse
from apps.core.errors import DomainError, InvalidInput, NotFound
from apps.flows.models import SchedulerConfig
from apps.organizations.models import Organization
from apps.organizations.staff import Area, access_of, staff_actor
from apps.routing.commands.import_rules import import_rules
from apps.routing.commands.move_rule import move_rule
from apps.routing.importing import Plan, plan_import
from apps.routing.models import BookingFlowRouter
from apps.routing.patterns import PathMatch, Pattern, examples_of
from apps.routing.queries import Explanation, Question, explain_url, export_rules
from apps.routing.splits import MAX_VISITOR_LENGTH
from apps.routing.transfer import MAX_BYTES, BadFile
from apps.routing.values import problems_of_pattern

View = Callable[..., HttpResponseBase]
SHOWN_CHANGES = 50


def routing_page(view: View) -> View:
    """For signed-in people who decide what their business offers."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access_of(request).may(Area.CATALOGUE):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(checked)


def routing_urls() -> list[URLPattern]:
    """Inside the admin, and with its names."""
    return [
        path("routing/test/", test_page, name="routing_test"),
        path("routing/examples/", examples, name="routing_examples"),
        path("routing/export/<uuid:organization_id>.<str:kind>", export, name="routing_export"),
        path("routing/import/", import_page, name="routing_import"),
        path("routing/<uuid:rule_id>/move/", move, name="routing_move"),
    ]


def _organizations(request: HttpRequest) -> list[Organization]:
    access = access_of(request)
    return [access.organizations[one] for one in access.organization_ids(Area.CATALOGUE)]


def _organization(request: HttpRequest, wanted: str) -> Organization:
    """The one that was chosen, or the only one. Raises Http404 for anybody else's."""
    own = sorted(_organizations(request), key=lambda one: one.name)
    found = [one for one in own if str(one.pk) == wanted] if wanted else own
    if not found:
        raise Http404("There is no such business.")
    return found[0]


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    own = sorted(_organizations(request), key=lambda one: one.name)
    return TemplateResponse(
        request,
        f"backoffice/routing/{template}.html",
        {**admin.site.each_context(request), "businesses": own if len(own) > 1 else [], **context},
    )


# --- The tester -------------------------------------------------------------------------------------


class TestForm(forms.Form):
    """A page's address, and who looks at it."""

    url = forms.CharField(
        label="Paste the address of a page",
        widget=UnfoldAdminTextInputWidget(
            attrs={"placeholder": "https://www.example.com/services?utm_source=google", "autofocus": True}
        ),
        help_text="The whole address, as your customers have it.",
    )
    widget = forms.ChoiceField(
        required=False,
        label="Opened by",
        widget=UnfoldAdminSelectWidget,
        help_text="Only if the button on the page names its widget.",
    )
    visitor = forms.CharField(
        required=False,
        max_length=MAX_VISITOR_LENGTH,
        label="Visitor",
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "such as 4711"}),
        help_text="Where a rule splits its visitors: any number. Others get other flows.",
    )

    def __init__(self, *args: Any, widgets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["widget"].choices = [("", "Any page: it names no widget"), *widgets]  # type: ignore[attr-defined]  # a choice field


@require_safe
@routing_page
def test_page(request: HttpRequest) -> HttpResponse:
    """Asked by GET, so that an answer can be linked to."""
    organization = _organization(request, request.GET.get("organization", ""))
    configs = SchedulerConfig.objects.for_organization(organization).order_by("name")
    asked = request.GET if "url" in request.GET else None
    form = TestForm(asked, widgets=[(str(config.pk), config.name) for config in configs])
    explanation: Explanation | None = None
    if asked is not None and form.is_valid():
        said = form.cleaned_data
        question = Question(
            url=said["url"],
            config_id=UUID(said["widget"]) if said["widget"] else None,
            visitor=said["visitor"],
        )
        try:
            explanation = explain_url(organization=organization, question=question)
        except DomainError as error:
            refuse(form, error)
    return _page(
        request,
        "test",
        title="Which flow does a page open?",
        form=form,
        organization=organization,
        explanation=explanation,
    )


@require_safe
@routing_page
def examples(request: HttpRequest) -> HttpResponse:
    """Pages that what is being typed fits, and near ones that it does not."""
    kind, typed = request.GET.get("path_match", ""), request.GET.get("path", "").strip()
    names, values = request.GET.getlist("name"), request.GET.getlist("value")
    query = {name: value for name, value in zip(names, values, strict=False) if name and value}
    typed = "" if kind == PathMatch.ANY else typed
    problems = problems_of_pattern(kind, typed, query)
    if problems:
        return JsonResponse({"problems": [words for said in problems.values() for words in said]})
    fitting, others = examples_of(Pattern.of(PathMatch(kind), typed, query))
    return JsonResponse({"fits": fitting, "others": others})


# --- The order --------------------------------------------------------------------------------------


@require_POST
@routing_page
def move(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """One place up or down; back to the list as it was."""
    router = (
        BookingFlowRouter.objects.all_organizations(reason="a person may work for several businesses")
        .filter(organization__in=access_of(request).organization_ids(Area.CATALOGUE), pk=rule_id)
        .first()
    )
    if router is None:
        raise Http404("There is no such rule.")
    actor = staff_actor(request, router.organization_id)
    try:
        moved = move_rule(actor=actor, rule_id=rule_id, up=request.GET.get("to") == "up")
    except NotFound as error:
        raise Http404(error.detail) from error
    words = "Moved. Rules are tried in this order now." if moved else "It is at the end of the list already."
    messages.success(request, words)
    return HttpResponseRedirect(reverse("admin:routing_bookingflowrouter_changelist"))


# --- Files ------------------------------------------------------------------------------------------


@require_safe
@routing_page
def export(request: HttpRequest, organization_id: UUID, kind: str) -> HttpResponse:
    """The rules as a file."""
    if kind not in {"csv", "json"}:
        raise Http404("Rules are exported as csv or json.")
    organization = _organization(request, str(organization_id))
    as_a: Any = kind
    contents = export_rules(organization=organization, as_a=as_a)
    response = HttpResponse(
        contents, content_type="text/csv; charset=utf-8" if kind == "csv" else "application/json"
    )
    response["Content-Disposition"] = f'attachment; filename="routing-{organization.slug}.{kind}"'
    return response


class ImportForm(forms.Form):
    """A file, or what stands in it once it was looked at."""

    file = forms.FileField(
        required=False, label="File", help_text="CSV or JSON, as the export writes it. Nothing is saved yet."
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    replace = forms.BooleanField(required=False, label="Remove the rules that are not in the file")

    def clean(self) -> dict[str, Any]:
        """The file's text. Raises ValidationError."""
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file is not None and file.size > MAX_BYTES:
            raise forms.ValidationError("The file is larger than rules can be.")
        try:
            cleaned["text"] = file.read().decode("utf-8-sig") if file is not None else cleaned.get("text")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("Save the file as UTF-8, then choose it again.") from error
        if not cleaned["text"]:
            raise forms.ValidationError("Choose a file.")
        return cleaned


@routing_page
def import_page(request: HttpRequest) -> HttpResponse:
    """First what it would change, then all of it or nothing."""
    organization = _organization(request, request.GET.get("organization", ""))
    form = ImportForm(request.POST or None, request.FILES or None)
    plan: Plan | None = None
    if form.is_bound and form.is_valid():
        text, replace = form.cleaned_data["text"], form.cleaned_data["replace"]
        try:
            plan = plan_import(organization.pk, text, replace=replace)
            if request.POST.get("do") == "import" and not plan.errors:
                done = import_rules(actor=staff_actor(request, organization.pk), text=text, replace=replace)
                messages.success(
                    request,
                    f"{len(done.added)} added, {len(done.changed)} changed, {len(done.removed)} removed.",
                )
                return HttpResponseRedirect(reverse("admin:routing_bookingflowrouter_changelist"))
        except BadFile as error:
            form.add_error("file", str(error))
        except InvalidInput as error:
            form.add_error(None, f"Meanwhile the rules have changed. {error.detail} Look again.")
    return _page(
        request,
        "import",
        title="Import rules",
        form=form,
        plan=plan,
        shown=SHOWN_CHANGES,
        text=form.cleaned_data.get("text", "") if form.is_bound and form.is_valid() else "",
        organization=organization,
    )
