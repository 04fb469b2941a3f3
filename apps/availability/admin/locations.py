"""Branches, with the zone of their hours and what customers book there."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms as django_forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from apps.availability.admin import forms
from apps.availability.admin.saving import CommandAdmin, Consequences
from apps.availability.admin.shared import with_link
from apps.availability.commands.change_location import change_location
from apps.availability.commands.create_location import create_location
from apps.availability.commands.generate_slots import GenerationReport, generate_slots
from apps.availability.hours.words import day_label
from apps.availability.models import Location, Resource, ResourceKind, SellsFrom, SlotInstance
from apps.availability.places.changes import LocationChanges
from apps.availability.places.previews import location_consequences
from apps.availability.slots.in_words import times_in_words
from apps.core.actors import Actor
from apps.organizations.admin_display import badge
from apps.organizations.models import Organization
from apps.organizations.unfolded import asking_action

BOOKED = ["what_is_booked", "pool_size"]
CHANGED_HERE = ("name", "timezone", "address", "phone_number", "active")


def generate_for(request: HttpRequest, locations: Iterable[Location]) -> None:
    """Make the slots of these locations what their rules say, by command, and say what happened."""
    total = GenerationReport()
    for location in locations:
        organization = Organization.objects.select_related("policy").get(pk=location.organization_id)
        total += generate_slots(organization=organization, location_id=location.pk)
    messages.success(request, f"Times are up to date. {times_in_words(total)}")


@admin.register(Location)
class LocationAdmin(CommandAdmin):
    """Branches, with the zone in which their hours are written; saved by command."""

    empty_title = "No locations yet"
    empty_text = "A location has an address, a time zone, hours, and the people who work there."
    form = forms.LocationForm
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

    def save_by_command(self, actor: Actor, obj: Any, form: Any, *, change: bool) -> tuple[UUID, str]:
        """Open a branch with its pool; or change one, after a look at what that means for its times."""
        cleaned = form.cleaned_data
        wanted = {name: cleaned[name] for name in CHANGED_HERE}
        if not change:
            places = cleaned.get("pool_places") or 1
            made = create_location(
                actor=actor, **wanted, sells_from=cleaned["sells_from"], pool_capacity=places
            )
            return made.pk, "Say next when it is open: click a day on the roster."
        changes = LocationChanges(**wanted)
        sentences = location_consequences(
            organization_id=actor.organization_id, location_id=obj.pk, changes=changes
        )
        self.look_first(form, Consequences(sentences=sentences))
        expected = cleaned.get("seen_version")
        saved = change_location(actor=actor, location_id=obj.pk, changes=changes, expected_version=expected)
        return saved.pk, ""

    @asking_action(
        description="Generate times",
        icon="event_repeat",
        url_path="generate",
        question="Generate the times of this branch?",
        consequence="Makes bookable times up to your horizon from the hours as they are now. "
        "Nothing that is booked is lost; running it twice changes nothing.",
        confirm="Generate",
    )
    def generate(self, request: HttpRequest, form: django_forms.Form, object_id: str) -> HttpResponse:
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
    def generate_all(self, request: HttpRequest, form: django_forms.Form) -> HttpResponse:
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
        return day_label(last) if last else badge("No times yet", "warning")

    @admin.display(description="State", ordering="active")
    def state(self, location: Location) -> SafeString:
        """Whether customers see it."""
        return badge("Open", "success") if location.active else badge("Hidden")
