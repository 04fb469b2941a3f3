"""Forms of locations, people and hours."""

from datetime import time
from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from apps.availability.models import (
    WEEKDAYS,
    AvailabilityRule,
    CalendarEvent,
    Location,
    Resource,
    ResourceKind,
    RuleKind,
    SellsFrom,
)
from apps.core.clock import app_now
from apps.organizations.admin_display import WeekdaysField, WordsField
from apps.organizations.tenant_admin import TenantModelForm, is_new

CLOSED_ALL_DAY = time(0, 0)  # a closed rule's times are not looked at


def most_lanes_taken(resource: Resource) -> int:
    """How many places of a resource its future events need; its row is locked until the form is saved."""
    Resource.objects.for_organization(resource.organization_id).select_for_update(no_key=True).get(
        pk=resource.pk
    )
    events = CalendarEvent.objects.for_organization(resource.organization_id).filter(
        resource=resource, active=True, ends_at__gt=app_now()
    )
    return max((max(event.lanes) + 1 for event in events), default=0)


def capacity_problem(resource: Resource, capacity: int) -> str | None:
    """Why a capacity cannot be lowered so far, in words."""
    if is_new(resource) or capacity >= resource.capacity:
        return None
    taken = most_lanes_taken(resource)
    if capacity >= taken:
        return None
    return f"Visits that are booked already need {taken} places at the same time. Move them first."


class LocationForm(TenantModelForm):
    """A branch; one that sells from a pool says how many places there are."""

    pool_places = forms.IntegerField(
        min_value=1,
        max_value=1000,
        required=False,
        initial=1,
        label="Places in the pool",
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="For a shared pool: how many customers can be served at the same time.",
    )

    class Meta:
        model = Location
        exclude: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pool = (
            None
            if is_new(self.instance)
            else Resource.objects.for_organization(self.instance.organization_id)
            .filter(location=self.instance, kind=ResourceKind.POOL)
            .first()
        )
        if self.pool is not None:
            self.initial["pool_places"] = self.pool.capacity

    def clean(self) -> dict[str, Any]:
        """A pool never becomes smaller than what is booked from it."""
        cleaned = super().clean()
        places = cleaned.get("pool_places")
        problem = capacity_problem(self.pool, places) if self.pool and places else None
        if problem:
            self.add_error("pool_places", problem)
        return cleaned

    def save_pool(self) -> None:
        """Give the location its pool, or the pool its size. Slots follow when they are generated."""
        location, places = self.instance, self.cleaned_data.get("pool_places") or 1
        if self.pool is not None and self.pool.capacity != places:
            self.pool.capacity = places
            self.pool.save(update_fields=["capacity", "updated_at"])
        elif self.pool is None and location.sells_from == SellsFrom.POOL:
            Resource.objects.create(
                organization_id=location.organization_id,
                location=location,
                kind=ResourceKind.POOL,
                name=f"{location.name}: pool",
                capacity=places,
            )


class ResourceForm(TenantModelForm):
    """Somebody or something, and what they can do."""

    skills = WordsField(
        required=False,
        help_text="With commas between them, such as hvac, gas licence. "
        "A service finds the people who have all its skills.",
    )

    class Meta:
        model = Resource
        exclude: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            kind = self.fields["kind"]
            kind.choices = [choice for choice in kind.choices if choice[0] != ResourceKind.POOL]  # type: ignore[attr-defined]  # a choice field

    def clean_capacity(self) -> int:
        """Not below what is booked."""
        capacity: int = self.cleaned_data["capacity"]
        problem = capacity_problem(self.instance, capacity)
        if problem:
            raise forms.ValidationError(problem)
        return capacity


class RuleForm(TenantModelForm):
    """Hours, with the days as checkboxes."""

    days_of_week = WeekdaysField(choices=WEEKDAYS, label="Days")

    class Meta:
        model = AvailabilityRule
        exclude: ClassVar[list[str]] = []
        labels: ClassVar = {
            "resource": "Person",
            "rule_kind": "Kind",
            "slot_granularity_minutes": "A visit can begin every … minutes",
            "slot_duration_minutes": "Length of one time, in minutes",
            "slot_capacity": "Customers at the same time",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start_time", "end_time"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """Say what is missing, in words, before the database does."""
        cleaned = super().clean()
        location, resource = cleaned.get("location"), cleaned.get("resource")
        if location and resource and resource.location_id != location.pk:
            self.add_error("resource", f"{resource} does not work at {location}.")
        for name in ("start_time", "end_time"):
            if cleaned.get(name) is None and name not in self.errors:
                if cleaned.get("is_closed"):
                    cleaned[name] = CLOSED_ALL_DAY
                else:
                    self.add_error(name, "Say when, or switch “closed” on.")
        kind = cleaned.get("rule_kind")
        if kind == RuleKind.WEEKLY and not cleaned.get("days_of_week"):
            self.add_error("days_of_week", "Choose at least one day.")
        if kind in {RuleKind.DATE_RANGE, RuleKind.EXCEPTION} and not cleaned.get("valid_from"):
            self.add_error("valid_from", "Say from which day on.")
        if kind == RuleKind.EXCEPTION and not cleaned.get("valid_to"):
            cleaned["valid_to"] = cleaned.get("valid_from")  # an exception is one day unless it says more
        return cleaned
