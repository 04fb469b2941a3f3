"""Pages of the lowest apps, which cannot know tenants' staff, and of the platform."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_celery_beat.admin import PeriodicTaskAdmin as BeatTaskAdmin
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from apps.audit.models import AuditEntry
from apps.backoffice import routing_admin, steps_admin  # noqa: F401  (they register their pages)
from apps.backoffice.builder import flow_page  # noqa: F401  (registers its page)
from apps.backoffice.urls import extra_urls
from apps.bookings.admin_reads import action_in_words
from apps.core.models import OutboxMessage
from apps.organizations.admin import OperatorsOnly
from apps.organizations.admin_display import NOTHING, badge, facts, local_time
from apps.organizations.models import Organization
from apps.organizations.staff import Area, access_of
from apps.organizations.tenant_admin import ReadOnlyTenantAdmin, belongs_by
from apps.organizations.unfolded import ModelAdmin

admin.site.extra_urls = extra_urls  # type: ignore[attr-defined]  # unfold's, which has no types
belongs_by(AuditEntry, "organization_id")
belongs_by(OutboxMessage, "organization_id")

ACTOR_TONES = {"staff": "info", "session": "neutral", "customer": "neutral", "system": "neutral"}


class ActorKindFilter(admin.SimpleListFilter):
    """Staff, visitors, servers, the platform."""

    title = "who"
    parameter_name = "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every kind of actor."""
        return [
            ("staff", "Staff"),
            ("session", "Website visitors"),
            ("customer", "Customers"),
            ("secret_key", "Servers"),
            ("system", "The scheduler itself"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen kind."""
        return queryset.filter(actor_kind=self.value()) if self.value() else queryset


class SubjectFilter(admin.SimpleListFilter):
    """What it was done to."""

    title = "about"
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The parts of the product."""
        return [
            ("bookings.", "Bookings and holds"),
            ("availability.", "Locations, team, hours"),
            ("flows.", "Flows and brand"),
            ("content.", "Services and questions"),
            ("routing.", "Routing"),
            ("organizations.", "Settings, members, keys"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen part."""
        return queryset.filter(action__startswith=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyTenantAdmin):
    """Who did what when. Nothing here can be changed, by anyone."""

    area = Area.INSIGHTS
    list_display = ("when", "who", "what", "about")
    list_filter = (ActorKindFilter, SubjectFilter)
    search_fields = ("actor_label", "action", "subject_id", "booking_id", "request_id")
    search_help_text = "Name, action, or an id"
    date_hierarchy = "at"
    ordering = ("-at", "-id")
    readonly_fields: ClassVar = ["when", "who", "what", "about", "before", "after", "more", "request_id"]
    fieldsets = (
        (None, {"fields": [("when", "who"), ("what", "about")]}),
        ("Change", {"fields": [("before", "after"), "more"]}),
        ("For support", {"fields": ["request_id"]}),
    )

    def get_list_display(self, request: HttpRequest) -> Any:
        """The page's own columns, and the business for those who see several."""
        columns = list(self.list_display)
        return [*columns, "business"] if access_of(request).has_several else columns

    def get_list_filter(self, request: HttpRequest) -> Any:
        """There is no foreign key to filter businesses by."""
        return self.list_filter

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The same for everybody."""
        return self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Everything."""
        return self.readonly_fields

    def get_list_select_related(self, request: HttpRequest) -> Any:
        """Entries have no foreign keys."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the business's name and zone: an entry holds its id only, so that it outlives the rest."""
        business = Organization.objects.filter(pk=OuterRef("organization_id"))
        entries: QuerySet[Any] = super().get_queryset(request)
        return cast(
            "QuerySet[Any]",
            entries.annotate(
                zone=Coalesce(Subquery(business.values("timezone")[:1]), Value("UTC")),
                business_name=Subquery(business.values("name")[:1]),
            ),
        )

    @admin.display(description="When", ordering="at")
    def when(self, entry: Any) -> Any:
        """In the business's time."""
        return local_time(entry.at, entry.zone)

    @admin.display(description="Who", ordering="actor_label")
    def who(self, entry: AuditEntry) -> SafeString:
        """The actor by name."""
        return badge(entry.actor_label, ACTOR_TONES.get(entry.actor_kind, "neutral"))

    @admin.display(description="What", ordering="action")
    def what(self, entry: AuditEntry) -> SafeString:
        """The action in words."""
        return format_html('<span title="{}">{}</span>', entry.action, action_in_words(entry.action))

    @admin.display(description="About")
    def about(self, entry: AuditEntry) -> str:
        """By name where one was kept, else by id."""
        name = entry.new.get("name") or entry.new.get("reference") or entry.old.get("name")
        return str(name or f"{entry.subject_type.rsplit('.', 1)[-1]} …{str(entry.subject_id)[-6:]}")

    @admin.display(description="Business")
    def business(self, entry: Any) -> str:
        """Whose entry it is."""
        return entry.business_name or NOTHING

    @admin.display(description="Before")
    def before(self, entry: AuditEntry) -> Any:
        """The old values."""
        return facts(entry.old)

    @admin.display(description="After")
    def after(self, entry: AuditEntry) -> Any:
        """The new values."""
        return facts(entry.new)

    @admin.display(description="More")
    def more(self, entry: AuditEntry) -> Any:
        """What else was noted."""
        return facts(entry.metadata)


@admin.register(OutboxMessage)
class OutboxAdmin(OperatorsOnly, ModelAdmin):  # type: ignore[type-arg]  # rights are the mixin's
    """What committed transactions still owe to the outside. For operators."""

    list_display = ("created_at", "name", "state", "attempts", "error")
    list_filter = ("name",)
    search_fields = ("name", "request_id", "id")
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    readonly_fields = (
        "name",
        "version",
        "state",
        "attempts",
        "created_at",
        "available_at",
        "relayed_at",
        "request_id",
        "error",
        "contents",
    )
    fields = readonly_fields
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: commands publish."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    @admin.display(description="State", ordering="relayed_at")
    def state(self, message: OutboxMessage) -> SafeString:
        """Whether it was delivered."""
        if message.relayed_at:
            return badge("Delivered", "success")
        return badge("Failing", "danger") if message.last_error else badge("Waiting", "warning")

    @admin.display(description="Last error")
    def error(self, message: OutboxMessage) -> str:
        """In short."""
        return message.last_error[:120] or NOTHING

    @admin.display(description="Contents")
    def contents(self, message: OutboxMessage) -> Any:
        """Ids, times and enums."""
        return facts(message.payload)


for _model in (ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule):
    admin.site.unregister(_model)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(OperatorsOnly, BeatTaskAdmin, ModelAdmin):  # type: ignore[misc,type-arg]  # untyped: beat's own, in our looks
    """What beat runs, and whether it is paused. For operators."""


@admin.register(IntervalSchedule, CrontabSchedule)
class ScheduleAdmin(OperatorsOnly, ModelAdmin):  # type: ignore[type-arg]  # rights are the mixin's
    """How often beat runs something. For operators."""
