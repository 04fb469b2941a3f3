"""Forms of locations, people and hours."""

from datetime import time
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import FileField
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from apps.availability.admin.saving import CommandForm
from apps.availability.admin.shared import PhotoInput, ZoneInput, check_photo
from apps.availability.hours.policies import RuleFields
from apps.availability.models import (
    WEEKDAYS,
    AvailabilityRule,
    Location,
    Resource,
    ResourceKind,
    RuleKind,
)
from apps.availability.places.changes import UNSET, Unset
from apps.organizations.admin_display import WeekdaysField, WordsField
from apps.organizations.tenant_admin import is_new

PHOTOS = cast("FileField", Resource._meta.get_field("photo"))  # noqa: SLF001  (Django's own API)
SAME_NAMES = (
    "start_time",
    "end_time",
    "slot_capacity",
    "slot_granularity_minutes",
    "slot_duration_minutes",
    "valid_from",
    "valid_to",
    "is_closed",
    "note",
)
CLOSED_ALL_DAY = time(0, 0)  # a closed rule's times are not looked at


class LocationForm(CommandForm):
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

    field_of_code: ClassVar = {"LOCATION_NAME_TAKEN": "name"}

    class Meta:
        model = Location
        exclude: ClassVar[list[str]] = []
        labels: ClassVar = {
            "timezone": "Time zone",
            "active": "Customers see it",
            "sells_from": "Customers book",
        }
        help_texts: ClassVar = {"timezone": "Type a city in this zone, such as Denver, and choose."}
        widgets: ClassVar = {"timezone": ZoneInput()}


class ResourceForm(CommandForm):
    """Somebody or something, and what they can do."""

    skills = WordsField(
        required=False,
        help_text="With commas between them, such as hvac, gas licence. "
        "A service finds the people who have all its skills.",
    )

    class Meta:
        model = Resource
        exclude: ClassVar[list[str]] = []
        labels: ClassVar = {
            "active": "Takes bookings",
            "capacity": "Customers at the same time",
            "daily_cap": "Visits a day, at most",
            "buffer_before_minutes": "Minutes before a visit",
            "buffer_after_minutes": "Minutes after a visit",
        }
        help_texts: ClassVar = {
            "capacity": "More than 1 only where several customers are served side by side.",
            "buffer_before_minutes": "To get ready or to drive there. Empty: as in Settings.",
            "buffer_after_minutes": "To clean up. Empty: as in Settings.",
        }

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

    def keep_photo(self) -> str | Unset:
        """Put a new photo where photos are kept: its name there; empty if it is to go, UNSET if it stays."""
        if "photo" not in self.changed_data:
            return UNSET
        photo = self.cleaned_data["photo"]
        if not photo:
            return ""
        name = PHOTOS.generate_filename(self.instance, photo.name)
        kept: str = PHOTOS.storage.save(name, photo)
        return kept


def forget_photo(photo: Any) -> None:
    """Remove a photo that nobody has any more; UNSET and empty are none."""
    name = "" if photo is UNSET else str(photo or "")
    if name:
        PHOTOS.storage.delete(name)


class RuleForm(CommandForm):
    """Hours, with the days as checkboxes."""

    days_of_week = WeekdaysField(choices=WEEKDAYS, label="Days")
    field_of_code: ClassVar = {"RULE_OVERLAP": "start_time"}

    class Meta:
        model = AvailabilityRule
        exclude: ClassVar[list[str]] = []
        labels: ClassVar = {
            "resource": "Person",
            "rule_kind": "Kind",
            "slot_granularity_minutes": "A visit can begin every … minutes",
            "slot_duration_minutes": "Length of one time, in minutes",
            "slot_capacity": "Customers at the same time",
            "start_time": "From",
            "end_time": "Until",
            "valid_from": "First day",
            "valid_to": "Last day",
            "is_closed": "Closed all day",
        }
        help_texts: ClassVar = {
            "valid_from": "The first day on which it holds.",
            "slot_duration_minutes": "How long a visit is where its service does not say.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start_time", "end_time"):
            self.fields[name].required = False
            self.fields[name].widget.format = "%H:%M"
            if not is_new(self.instance) and self.instance.is_closed:
                self.initial[name] = None

    def clean(self) -> dict[str, Any]:
        """Say what is missing, in words, before the database does."""
        cleaned = super().clean()
        location = cleaned.get("location") if is_new(self.instance) else self.instance.location
        resource = cleaned.get("resource")
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

    def rule_fields(self) -> RuleFields:
        """As the commands take them."""
        cleaned = self.cleaned_data
        location = cleaned["location"] if is_new(self.instance) else self.instance.location
        resource = cleaned["resource"]
        return RuleFields(
            location_id=location.pk,
            resource_id=resource.pk if resource else None,
            rule_kind=RuleKind(cleaned["rule_kind"]),
            days_of_week=tuple(cleaned["days_of_week"] or ()),
            **{name: cleaned[name] for name in SAME_NAMES},
        )
