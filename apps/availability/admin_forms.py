"""Forms of locations, people and hours."""

from datetime import time
from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from apps.availability.admin_places import PhotoInput, check_photo
from apps.availability.hours.changes import find_overlap, rules_of
from apps.availability.models import (
    WEEKDAYS,
    AvailabilityRule,
    Location,
    Resource,
    ResourceKind,
    RuleKind,
)
from apps.availability.offering.offers import rule_value
from apps.organizations.admin_display import WeekdaysField, WordsField
from apps.organizations.tenant_admin import TenantModelForm, is_new

CLOSED_ALL_DAY = time(0, 0)  # a closed rule's times are not looked at


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

    def save_pool(self) -> None:
        """Give a new location its pool: every one has one, whatever its customers book."""
        location = self.instance
        Resource.objects.create(
            organization_id=location.organization_id,
            location=location,
            kind=ResourceKind.POOL,
            name=f"{location.name}: pool"[:120],
            capacity=self.cleaned_data.get("pool_places") or 1,
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

        if "photo" in self.fields:
            self.fields["photo"].widget = PhotoInput(None if is_new(self.instance) else self.instance)

    def clean_photo(self) -> Any:
        """Not too large."""
        return check_photo(self.cleaned_data["photo"])


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

    def _post_clean(self) -> None:
        """Hours never contradict others of the same kind: the one in the way is named, as by the API."""
        super()._post_clean()
        if self.errors:
            return
        row = self.instance
        others = [other for other in rules_of(row.location) if other.pk != row.pk]
        found = find_overlap(rule_value(row), others, location=row.location)
        if found is not None:
            self.add_error("valid_from" if row.is_closed else "start_time", found[1])
