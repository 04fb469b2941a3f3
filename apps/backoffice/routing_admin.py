"""Which page opens which flow: the list in its order, and a rule's own page."""

from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.availability.admin.saving import CommandAdmin
from apps.backoffice.routing_forms import RouterForm
from apps.core.actors import Actor
from apps.core.errors import DomainError
from apps.organizations.admin_display import badge, chips
from apps.organizations.staff import Area, staff_actor
from apps.organizations.tenant_admin import OwnRowsFilter, organization_id_of
from apps.organizations.unfolded import asking_action
from apps.routing.commands.duplicate_rule import duplicate_rule
from apps.routing.commands.remove_rule import remove_rule
from apps.routing.commands.save_rule import save_rule
from apps.routing.commands.switch_rules import switch_rules
from apps.routing.models import BookingFlowRouter
from apps.routing.patterns import condition_in_words
from apps.routing.queries import percent_of


@admin.register(BookingFlowRouter)
class RouterAdmin(CommandAdmin):
    """Rules, in the order in which they are tried."""

    empty_title = "No rules yet"
    empty_text = (
        "A rule says which page of your website opens which flow. With one published flow you need none."
    )
    area = Area.CATALOGUE
    form = RouterForm
    list_display = ("place", "rule", "opens", "widget", "state")
    list_display_links = ("rule",)
    list_filter = ("active", ("flow", OwnRowsFilter), ("scheduler_config", OwnRowsFilter))
    list_select_related = ("flow", "scheduler_config", "organization")
    search_fields = ("path", "query", "flow__title")
    ordering = ("organization", "is_default", "priority", "id")
    list_before_template = "backoffice/routing/tools.html"
    change_form_outer_after_template = "backoffice/routing/examples.html"
    conditional_fields: ClassVar = {
        "path_match": "!is_default",
        "path": "path_match != 'any' && !is_default",
        "conditions": "!is_default",
        "priority": "!is_default",
    }
    actions = ("switch_on", "switch_off")
    actions_detail: ClassVar = ["duplicate"]
    fieldsets = (
        (
            "On which pages",
            {
                "fields": ["path_match", "path", "conditions", "scheduler_config"],
                "description": "The page's path is what follows the name of your site: of "
                "https://www.example.com/services/plumbing it is /services/plumbing.",
            },
        ),
        (
            "Open which flow",
            {
                "fields": ["flow", "weight", "variants"],
                "description": "With several flows, each visitor always gets the same one. "
                "What came of each is counted by its version.",
            },
        ),
        ("In which order", {"fields": ["priority", "is_default", "active"]}),
    )

    class Media:
        js = ("backoffice/routing.js",)
        css: ClassVar = {"all": ["backoffice/rota.css", "backoffice/routing.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the flows among which visitors are split."""
        return super().get_queryset(request).prefetch_related("variants__flow")

    # --- Saving -----------------------------------------------------------------------------------

    def save_by_command(self, actor: Actor, obj: Any, form: RouterForm, *, change: bool) -> tuple[UUID, str]:
        """Everything at once, under the lock of all rules."""
        seen = form.cleaned_data.get("seen_version")
        rule_id = obj.pk if change else None
        rule = save_rule(actor=actor, values=form.values(), rule_id=rule_id, expected_version=seen)
        return rule.pk, ""

    def remove_by_command(self, actor: Actor, obj: Any) -> str:
        """The other rules decide from then on."""
        remove_rule(actor=actor, rule_id=obj.pk)
        return "The rule is gone. Its pages are led by the others now."

    # --- The list ---------------------------------------------------------------------------------

    @admin.display(description="Order", ordering="priority")
    def place(self, router: BookingFlowRouter) -> SafeString | str:
        """The number, with buttons to move it that work without a mouse and without scripts."""
        if router.is_default:
            return "Last"
        url = reverse("admin:routing_move", args=[router.pk])
        ways = (("up", "arrow_upward", "Up"), ("down", "arrow_downward", "Down"))
        buttons = format_html_join(
            "",
            '<button class="bo-move" formmethod="post" formaction="{}?to={}" '
            'title="{}" aria-label="{} rule {}">'
            '<span class="material-symbols-outlined" aria-hidden="true">{}</span></button>',
            ((url, way, words, words, router.priority, icon) for way, icon, words in ways),
        )
        return format_html('<span class="bo-place"><b>{}</b><span>{}</span></span>', router.priority, buttons)

    @admin.display(description="On pages", ordering="path")
    def rule(self, router: BookingFlowRouter) -> str | SafeString:
        """The conditions in words."""
        if router.is_default:
            return "Default: where no other rule fits"
        path = router.pattern().path_in_words()
        path = path[:1].upper() + path[1:]
        if not router.query:
            return path
        conditions = chips(condition_in_words(*one) for one in sorted(router.query.items()))
        return format_html("{} {}", path, conditions)

    @admin.display(description="Opens", ordering="flow__title")
    def opens(self, router: BookingFlowRouter) -> SafeString:
        """The flows with their shares; those that customers do not see are passed over."""
        shares = router.shares()
        total = sum(weight for _, weight in shares)
        return format_html_join(
            SafeString("<br>"),
            "{}{}{}",
            (
                (
                    flow.title,
                    f" · {percent_of(weight, total)}" if len(shares) > 1 else "",
                    ""
                    if flow.status == "published"
                    else format_html(" {}", badge(flow.get_status_display(), "warning")),
                )
                for flow, weight in shares
            ),
        )

    @admin.display(description="Widget", ordering="scheduler_config__name")
    def widget(self, router: BookingFlowRouter) -> Any:
        """The widget that it is for."""
        return router.scheduler_config or "Every widget"

    @admin.display(description="Rule is", ordering="active")
    def state(self, router: BookingFlowRouter) -> SafeString:
        """On or off."""
        return badge("On", "success") if router.active else badge("Off")

    # --- Actions ----------------------------------------------------------------------------------

    @admin.action(description="Switch on", permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """All of them or, where two could meet, none."""
        self._switch(request, queryset, active=True)

    @admin.action(description="Switch off", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """They are kept, but not tried."""
        self._switch(request, queryset, active=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Any], *, active: bool) -> None:
        by_organization: dict[UUID, list[UUID]] = {}
        for router in queryset:
            by_organization.setdefault(router.organization_id, []).append(router.pk)
        for organization_id, rule_ids in by_organization.items():
            actor = staff_actor(request, organization_id)
            self.run_command(request, partial(_switched, actor, rule_ids, active=active))

    @asking_action(
        description="Duplicate",
        icon="content_copy",
        url_path="duplicate",
        question="Copy this rule?",
        consequence="The copy is switched off. Change what it looks at, then switch it on.",
        confirm="Copy",
    )
    def duplicate(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """On to the copy."""
        router = self.get_object(request, object_id)
        if router is None:
            return self.after_action(request)
        try:
            copy = duplicate_rule(actor=staff_actor(request, organization_id_of(router)), rule_id=router.pk)
        except DomainError as error:
            messages.error(request, error.detail)
            return self.after_action(request, object_id)
        messages.success(request, "This is the copy. It is switched off.")
        return self.after_action(request, str(copy.pk))


def _switched(actor: Actor, rule_ids: list[UUID], *, active: bool) -> str:
    count = switch_rules(actor=actor, rule_ids=rule_ids, active=active)
    rules = "1 rule" if count == 1 else f"{count} rules"
    return f"{rules} switched {'on' if active else 'off'}."
