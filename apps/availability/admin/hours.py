"""Hours: every week, for a while, or as an exception."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.availability.admin import forms
from apps.availability.admin.saving import CommandAdmin, Consequences
from apps.availability.commands.rules import add_rule, change_rule, remove_rule
from apps.availability.errors import RuleOverlap
from apps.availability.hours.preview import preview_rule_change
from apps.availability.hours.preview_words import words_of
from apps.availability.hours.words import day_label, short_days
from apps.availability.models import AvailabilityRule, Resource, ResourceKind
from apps.availability.slots.in_words import times_in_words
from apps.core.actors import Actor
from apps.organizations.admin_display import NOTHING, badge
from apps.organizations.tenant_admin import OwnRowsFilter


@admin.register(AvailabilityRule)
class RuleAdmin(CommandAdmin):
    """Rules of a branch or a person, saved by command once one has seen what it means."""

    empty_title = "No hours yet"
    empty_text = "Without hours nobody can book. Begin with a week that is the same for everybody."
    form = forms.RuleForm
    organization_from = "location"
    list_display = ("who", "location", "kind_badge", "days", "hours", "valid", "each")
    list_display_links = ("who", "hours")
    list_filter = (("location", OwnRowsFilter), ("resource", OwnRowsFilter), "rule_kind", "is_closed")
    list_select_related = ("location", "resource", "organization")
    search_fields = ("resource__name", "location__name", "note")
    fieldsets = (
        (
            "Whose hours",
            {
                "fields": ["location", "resource"],
                "description": "Times are in the branch's own zone. An exception goes before hours for a "
                "while, and those before the weekly ones; a person's own go before the branch's.",
            },
        ),
        (
            "When",
            {"fields": ["rule_kind", "days_of_week", ("start_time", "end_time"), ("valid_from", "valid_to")]},
        ),
        ("Closed", {"fields": ["is_closed", "note"]}),
        (
            "Bookable times",
            {"fields": [("slot_granularity_minutes", "slot_duration_minutes"), "slot_capacity"]},
        ),
    )

    def own_rows(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Hours are the location's or a person's; the pool has the location's."""
        rows = super().own_rows(request, queryset)
        return rows.exclude(kind=ResourceKind.POOL) if rows.model is Resource else rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Hours stay at their location."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else [*fields, "location"]

    def save_by_command(self, actor: Actor, obj: Any, form: Any, *, change: bool) -> tuple[UUID, str]:
        """Add or change hours, after a look at the times that come and go."""
        fields = form.rule_fields()
        preview = preview_rule_change(
            organization_id=actor.organization_id,
            location_id=fields.location_id,
            fields=fields,
            rule_id=obj.pk if change else None,
        )
        if preview.conflict:
            raise RuleOverlap(preview.conflict)
        self.look_first(form, Consequences(preview=words_of(preview)))
        if change:
            expected = form.cleaned_data.get("seen_version")
            done = change_rule(actor=actor, rule_id=obj.pk, fields=fields, expected_version=expected)
        else:
            done = add_rule(actor=actor, fields=fields)
        return done.rule.pk, times_in_words(done.report)

    def remove_by_command(self, actor: Actor, obj: Any) -> str:
        """Take hours away."""
        return times_in_words(remove_rule(actor=actor, rule_id=obj.pk).report)

    @admin.display(description="Whose hours", ordering="resource__name")
    def who(self, rule: AvailabilityRule) -> str:
        """A person, or the branch."""
        return str(rule.resource) if rule.resource else "The whole branch"

    @admin.display(description="Kind", ordering="rule_kind")
    def kind_badge(self, rule: AvailabilityRule) -> SafeString:
        """Weekly, for a while, exception."""
        tone = {"WEEKLY": "neutral", "DATE_RANGE": "info", "EXCEPTION": "warning"}[rule.rule_kind]
        return badge(rule.get_rule_kind_display(), tone)

    @admin.display(description="Days")
    def days(self, rule: AvailabilityRule) -> Any:
        """`Mon–Thu, Sat`: neighbours joined."""
        if not rule.days_of_week:
            return NOTHING if _is_one_day(rule) else "Every day"
        return format_html('<span class="bo-time">{}</span>', short_days(rule.days_of_week))

    @admin.display(description="Hours", ordering="start_time")
    def hours(self, rule: AvailabilityRule) -> str:
        """Wall time, with the zone."""
        if rule.is_closed:
            return f"Closed{f' ({rule.note})' if rule.note else ''}"
        city = rule.location.timezone.rsplit("/", 1)[-1].replace("_", " ")
        return f"{rule.start_time:%H:%M}–{rule.end_time:%H:%M} {city}"

    @admin.display(description="Dates", ordering="valid_from")
    def valid(self, rule: AvailabilityRule) -> str:
        """From when to when."""
        if rule.valid_from is None and rule.valid_to is None:
            return "Always"
        if _is_one_day(rule) and rule.valid_from is not None:
            return day_label(rule.valid_from)
        first, last = (day and day_label(day) for day in (rule.valid_from, rule.valid_to))
        return f"{first or '…'} – {last or '…'}"

    @admin.display(description="Start every")
    def each(self, rule: AvailabilityRule) -> str:
        """The grid of starts."""
        return NOTHING if rule.is_closed else f"{rule.slot_granularity_minutes} min"


def _is_one_day(rule: AvailabilityRule) -> bool:
    return rule.valid_from is not None and rule.valid_from == rule.valid_to
