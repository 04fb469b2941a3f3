"""The team, and the rooms and equipment that visits need."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.availability.admin import forms
from apps.availability.admin.saving import CommandAdmin, Consequences
from apps.availability.admin.shared import KindFilter, with_link
from apps.availability.commands.change_resource import change_resource
from apps.availability.commands.create_resource import create_resource
from apps.availability.models import Resource, ResourceKind
from apps.availability.places.changes import UNSET, ResourceChanges
from apps.availability.places.previews import resource_consequences
from apps.core.actors import Actor
from apps.organizations.admin_display import badge, chips
from apps.organizations.tenant_admin import OwnRowsFilter

CHANGED_HERE = ("name", "skills", "buffer_before_minutes", "buffer_after_minutes", "daily_cap", "active")


@admin.register(Resource)
class ResourceAdmin(CommandAdmin):
    """Who and what can be booked, saved by command."""

    empty_title = "Nobody here yet"
    empty_text = "Add the people, rooms or equipment whose time customers book."
    form = forms.ResourceForm
    organization_from = "location"
    list_display = ("name", "kind", "location", "skill_chips", "side_by_side", "state")
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

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: people are switched off, their bookings stay."""
        return False

    def save_by_command(self, actor: Actor, obj: Any, form: Any, *, change: bool) -> tuple[UUID, str]:
        """A photo is kept before the command runs, outside its transaction, and goes if that refuses."""
        cleaned = form.cleaned_data
        wanted = {name: cleaned[name] for name in CHANGED_HERE}
        if change:
            sentences = resource_consequences(
                organization_id=actor.organization_id, resource_id=obj.pk, changes=ResourceChanges(**wanted)
            )
            self.look_first(form, Consequences(sentences=sentences))
        before = form.initial.get("photo")
        photo = form.keep_photo()
        try:
            saved = (
                self._change(actor, obj, cleaned, ResourceChanges(**wanted, photo=photo))
                if change
                else self._create(actor, cleaned, {**wanted, "photo": "" if photo is UNSET else photo})
            )
        except Exception:
            forms.forget_photo(photo)
            raise
        if photo is not UNSET:
            forms.forget_photo(before)
        return saved.pk, ""

    def _change(self, actor: Actor, obj: Any, cleaned: Any, changes: ResourceChanges) -> Resource:
        expected = cleaned.get("seen_version")
        return change_resource(actor=actor, resource_id=obj.pk, changes=changes, expected_version=expected)

    def _create(self, actor: Actor, cleaned: Any, values: dict[str, Any]) -> Resource:
        return create_resource(
            actor=actor,
            location_id=cleaned["location"].pk,
            kind=cleaned["kind"],
            capacity=cleaned["capacity"],
            **values,
        )

    @admin.display(description="Customers at the same time")
    def at_once(self, resource: Resource) -> SafeString:
        """The capacity."""
        return with_link(resource.capacity, "capacity", resource.pk, "Change…")

    @admin.display(description="At the same time", ordering="capacity")
    def side_by_side(self, resource: Resource) -> int:
        """The capacity, in the list."""
        return resource.capacity

    @admin.display(description="Skills")
    def skill_chips(self, resource: Resource) -> Any:
        """What they can do."""
        return chips(resource.skills)

    @admin.display(description="State", ordering="active")
    def state(self, resource: Resource) -> SafeString:
        """Whether they take bookings."""
        return badge("Works", "success") if resource.active else badge("Off")
