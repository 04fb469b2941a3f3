"""Locations, people, hours and the slots that come of them."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from apps.availability import admin_forms, admin_slots  # noqa: F401  (admin_slots registers its page)
from apps.availability.admin_places import KindFilter, change_zone_after_commit, with_link
from apps.availability.commands.generate_slots import GenerationReport, generate_slots
from apps.availability.models import (
    WEEKDAYS,
    AvailabilityRule,
    Location,
    Resource,
    ResourceKind,
    SellsFrom,
    SlotInstance,
)
from apps.organizations.admin_display import NOTHING, badge, chips
from apps.organizations.models import Organization
from apps.organizations.staff import Area, staff_actor
from apps.organizations.tenant_admin import OwnRowsFilter, TenantAdmin
from apps.organizations.unfolded import asking_action

WEEKDAY_NAMES = dict(WEEKDAYS)
BOOKED = ["what_is_booked", "pool_size"]


def report_in_words(report: GenerationReport) -> str:
    """What a run of the generation did."""
    parts = [
        f"{count} {what}"
        for count, what in (
            (report.inserted, "new"),
            (report.updated, "changed"),
            (report.deleted, "taken away"),
            (report.closed, "closed because somebody has them"),
        )
        if count
    ]
    return f"Times are up to date: {', '.join(parts) or 'nothing had to change'}."


def generate_for(request: HttpRequest, locations: Iterable[Location]) -> None:
    """Make the slots of these locations what their rules say, by command, and say what happened."""
    total = GenerationReport()
    for location in locations:
        organization = Organization.objects.select_related("policy").get(pk=location.organization_id)
        total += generate_slots(organization=organization, location_id=location.pk)
    messages.success(request, report_in_words(total))


def generate_after_commit(request: HttpRequest, location_ids: Iterable[UUID | None]) -> None:
    """Generate once the admin's own transaction is over: commands open their own. Beat repeats it hourly."""
    wanted = {location_id for location_id in location_ids if location_id}

    def run() -> None:
        locations = Location.objects.all_organizations(reason="the ids come from rows that were just saved")
        generate_for(request, locations.filter(pk__in=wanted))

    transaction.on_commit(partial(run), robust=True)


class RegeneratingAdmin(TenantAdmin):
    """A page whose rows decide about a location's slots: they follow every save."""

    area = Area.ROTA

    def location_ids_of(self, obj: Any, form: Any | None = None) -> list[UUID | None]:
        """The locations that a row is about, and was about before the form changed it."""
        before = form.initial.get("location") if form is not None else None
        return [obj.location_id, before]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Save, then let the slots follow."""
        super().save_model(request, obj, form, change)
        if form.changed_data or not change:
            generate_after_commit(request, self.location_ids_of(obj, form))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, then let the slots follow."""
        location_ids = self.location_ids_of(obj)
        super().delete_model(request, obj)
        generate_after_commit(request, location_ids)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The same for many."""
        location_ids = list(queryset.values_list("location_id", flat=True).distinct())
        super().delete_queryset(request, queryset)
        generate_after_commit(request, location_ids)


@admin.register(Location)
class LocationAdmin(RegeneratingAdmin):
    """Branches, with the zone in which their hours are written."""

    form = admin_forms.LocationForm
    list_display = ("name", "timezone", "sells", "people", "slots_until", "state")
    list_filter = ("active", "sells_from")
    search_fields = ("name", "address")
    actions_detail: ClassVar = ["generate"]
    actions_list: ClassVar = ["generate_all"]
    fieldsets = (
        ("The branch", {"fields": ["name", "address", "phone_number", "active"]}),
        (
            "Its hours",
            {
                "fields": ["timezone"],
                "description": "All hours of this branch are written in this zone, also for its people.",
            },
        ),
        ("What customers book", {"fields": ["sells_from", "pool_places"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how far its slots reach, and how many people work there."""
        people = Q(resources__kind=ResourceKind.PERSON, resources__active=True)
        total = Count("resources", filter=people, distinct=True)
        return cast("QuerySet[Any]", super().get_queryset(request).annotate(people_total=total))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With the last day that has slots, in one query for the page."""
        changelist = super().get_changelist_instance(request)
        self._annotate_horizon(changelist.result_list)
        return changelist

    def _annotate_horizon(self, locations: Iterable[Any]) -> None:
        listed = list(locations)
        last_days: dict[UUID, date] = dict(
            SlotInstance.objects.all_organizations(reason="of locations that this person may see")
            .filter(location__in=listed)
            .order_by()
            .values_list("location_id")
            .annotate(last=Max("date"))
        )
        for location in listed:
            location.last_slot_day = last_days.get(location.pk)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new branch is where the business is."""
        initial = dict(super().get_changeform_initial_data(request))
        tenant_id = self._tenant_of_form(request, None)
        if tenant_id is not None:
            initial.setdefault("timezone", Organization.objects.get(pk=tenant_id).timezone)
        return initial

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What touches bookings is switched on pages of its own, which say what it means."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj is None else [*fieldsets[:-1], ("What customers book", {"fields": BOOKED})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Shown, with a link to where it is changed."""
        return [*super().get_readonly_fields(request, obj), *(BOOKED if obj is not None else [])]

    @admin.display(description="Customers book")
    def what_is_booked(self, location: Location) -> SafeString:
        """People, or places."""
        return with_link(self.sells(location), "sells_from", location.pk, "Switch…")

    @admin.display(description="Places in the pool")
    def pool_size(self, location: Location) -> Any:
        """How many at the same time; only where places are sold."""
        pools = Resource.objects.for_organization(location.organization_id)
        pool = pools.filter(location=location, kind=ResourceKind.POOL).first()
        if pool is None or location.sells_from == SellsFrom.PEOPLE:
            return "Not used: customers book a person"
        return with_link(pool.capacity, "capacity", pool.pk, "Change…")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a branch is switched off, its bookings stay."""
        return False

    def location_ids_of(self, obj: Any, form: Any | None = None) -> list[UUID | None]:
        """Itself."""
        return [obj.pk]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """The branch and its pool. Another zone moves time off, too: that is a command's work."""
        zone = obj.timezone
        if change and "timezone" in form.changed_data:
            obj.timezone = form.initial["timezone"]
            change_zone_after_commit(staff_actor(request, obj.organization_id), obj, zone)
        super().save_model(request, obj, form, change)
        if not change:
            form.save_pool()

    @asking_action(
        description="Generate times",
        icon="event_repeat",
        url_path="generate",
        question="Generate the times of this branch?",
        consequence="Makes bookable times up to your horizon from the hours as they are now. "
        "Nothing that is booked is lost; running it twice changes nothing.",
        confirm="Generate",
    )
    def generate(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """One branch, by command."""
        location = self.get_object(request, object_id)
        if location is not None:
            generate_for(request, [location])
        return self.after_action(request, object_id)

    def get_urls(self) -> list[Any]:
        """With the button of the first page."""
        name = "availability_location_generate_today"
        view = self.admin_site.admin_view(require_POST(self.generate_from_today))
        return [path("generate-today/", view, name=name), *super().get_urls()]

    def generate_from_today(self, request: HttpRequest) -> HttpResponse:
        """Every branch of one's own, by command; then back to the first page."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        generate_for(request, self.get_queryset(request).filter(active=True))
        return HttpResponseRedirect(reverse("admin:index"))

    @asking_action(
        description="Generate times",
        icon="event_repeat",
        url_path="generate-all",
        question="Generate the times of all branches?",
        consequence="Makes bookable times up to your horizon from the hours as they are now. "
        "Nothing that is booked is lost; running it twice changes nothing.",
        confirm="Generate",
    )
    def generate_all(self, request: HttpRequest, form: forms.Form) -> HttpResponse:
        """Every branch of one's own, by command."""
        generate_for(request, self.get_queryset(request).filter(active=True))
        return self.after_action(request)

    @admin.display(description="Customers book", ordering="sells_from")
    def sells(self, location: Location) -> str:
        """A person, or a place."""
        return "A person" if location.sells_from == SellsFrom.PEOPLE else "A place in the pool"

    @admin.display(description="People", ordering="people_total")
    def people(self, location: Any) -> int:
        """Who works there now."""
        return int(location.people_total)

    @admin.display(description="Times until")
    def slots_until(self, location: Any) -> Any:
        """The last day with slots."""
        last = getattr(location, "last_slot_day", None)
        return f"{last:%a} {last.day} {last:%b %Y}" if last else badge("No times yet", "warning")

    @admin.display(description="State", ordering="active")
    def state(self, location: Location) -> SafeString:
        """Whether customers see it."""
        return badge("Open", "success") if location.active else badge("Hidden")


@admin.register(Resource)
class ResourceAdmin(RegeneratingAdmin):
    """The team, and the rooms and equipment that visits need."""

    form = admin_forms.ResourceForm
    organization_from = "location"
    list_display = ("name", "kind", "location", "skill_chips", "capacity", "state")
    list_filter = (("location", OwnRowsFilter), KindFilter, "active")
    list_select_related = ("location", "organization")
    search_fields = ("name", "skills")
    fieldsets = (
        ("Who", {"fields": ["name", ("kind", "location"), "photo", "active"]}),
        ("What they can do", {"fields": ["skills", "capacity", "daily_cap"]}),
        ("Time kept free around visits", {"fields": [("buffer_before_minutes", "buffer_after_minutes")]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the pools, which are edited with their location."""
        return super().get_queryset(request).exclude(kind=ResourceKind.POOL)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who has been booked somewhere stays there; make them anew elsewhere."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "location", "kind", "at_once"] if obj is not None else fields

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """How many at once is changed on a page that says what it means for bookings."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        can = ("What they can do", {"fields": ["skills", "at_once", "daily_cap"]})
        return [can if title == can[0] else (title, rest) for title, rest in fieldsets]

    @admin.display(description="Customers at the same time")
    def at_once(self, resource: Resource) -> SafeString:
        """The capacity."""
        return with_link(resource.capacity, "capacity", resource.pk, "Change…")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: people are switched off, their bookings stay."""
        return False

    @admin.display(description="Skills")
    def skill_chips(self, resource: Resource) -> Any:
        """What they can do."""
        return chips(resource.skills)

    @admin.display(description="State", ordering="active")
    def state(self, resource: Resource) -> SafeString:
        """Whether they take bookings."""
        return badge("Works", "success") if resource.active else badge("Off")


@admin.register(AvailabilityRule)
class RuleAdmin(RegeneratingAdmin):
    """Hours: every week, for a while, or as an exception."""

    form = admin_forms.RuleForm
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
        """By name."""
        if not rule.days_of_week:
            return "Every day"
        return chips(WEEKDAY_NAMES[day] for day in sorted(rule.days_of_week))

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
        return f"{rule.valid_from or '…'} – {rule.valid_to or '…'}"

    @admin.display(description="Start every")
    def each(self, rule: AvailabilityRule) -> str:
        """The grid of starts."""
        return NOTHING if rule.is_closed else f"{rule.slot_granularity_minutes} min"
