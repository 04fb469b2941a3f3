"""What a step needs to know, as form fields: one small form for each kind of step, no JSON in sight.

Each turns a `type_config` into initial values and back; apps/flows/types.py has the last word on the shape.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from apps.backoffice.rows import RowsField
from apps.flows.models import StepType

Json = dict[str, Any]
PRESENCE = [("required", "Must be given"), ("optional", "May be left out"), ("hidden", "Not asked for")]
KINDS = [
    ("text", "One line"),
    ("textarea", "Several lines"),
    ("select", "One of a list"),
    ("checkbox", "Yes or no"),
]


def key_of(label: str, taken: Sequence[str] = ()) -> str:
    """A short ASCII key from a label, such as `model_number`; numbered if it is taken."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:36]
    base = base if base[:1].isalpha() else f"f_{base}".rstrip("_")
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


class AreaRow(forms.Form):
    """One branch and the zip codes that it serves."""

    location = forms.ChoiceField(widget=UnfoldAdminSelectWidget)
    zip_codes = forms.CharField(
        label="Zip codes",
        widget=UnfoldAdminExpandableTextareaWidget(attrs={"placeholder": "80202, 80203, 80204"}),
        help_text="With commas, spaces or new lines between them.",
    )

    def __init__(self, *args: Any, locations: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].choices = [("", "Choose a location"), *locations.items()]  # type: ignore[attr-defined]  # a choice field

    def clean_zip_codes(self) -> list[str]:
        """The codes, each once."""
        text: str = self.cleaned_data["zip_codes"]
        codes = [code.strip().upper() for code in re.split(r"[,;\n]|(?<=\d)\s+(?=\d{3,})", text)]
        return list(dict.fromkeys(code for code in codes if code))


class DetailRow(forms.Form):
    """One thing to ask about the visit."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(max_length=120, label="Question", widget=UnfoldAdminTextInputWidget)
    kind = forms.ChoiceField(choices=KINDS, label="Answer", widget=UnfoldAdminSelectWidget)
    required = forms.BooleanField(required=False, label="Must be answered", widget=UnfoldBooleanSwitchWidget)
    help_text = forms.CharField(
        max_length=300, required=False, label="Hint", widget=UnfoldAdminTextInputWidget
    )
    options = forms.CharField(
        required=False,
        label="List",
        widget=UnfoldAdminExpandableTextareaWidget,
        help_text="For “One of a list”: one choice a line.",
    )
    max_length = forms.IntegerField(
        min_value=1,
        max_value=4000,
        initial=500,
        label="Longest text",
        widget=UnfoldAdminIntegerFieldWidget,
    )

    def clean(self) -> Json:
        """A list has choices, nothing else has any."""
        cleaned: Json = super().clean() or {}
        lines = [line.strip() for line in (cleaned.get("options") or "").splitlines() if line.strip()]
        if cleaned.get("kind") == "select" and not lines:
            self.add_error("options", "Write the choices, one a line.")
        cleaned["options"] = lines if cleaned.get("kind") == "select" else []
        return cleaned


class StepSettings:
    """The fields of one kind of step, and the way between them and its `type_config`."""

    def fields(self, locations: Mapping[str, str]) -> dict[str, forms.Field]:
        """The form fields by name."""
        return {}

    def initial(self, config: Json) -> Json:
        """The fields' values, from a stored config."""
        return dict(config)

    def config(self, cleaned: Json, before: Json, locations: Mapping[str, str]) -> Json:
        """The config, from the fields' values. `before` is the stored one."""
        return {}


class ZipcodeSettings(StepSettings):
    """Which branch serves which zip codes."""

    def fields(self, locations: Mapping[str, str]) -> dict[str, forms.Field]:
        """Areas as rows."""
        return {
            "areas": RowsField(
                AreaRow,
                label="Where you come to",
                add_label="Add a location's zip codes",
                form_kwargs={"locations": locations},
            ),
            "outside_message": long_text(
                "What others read", "Shown to customers outside these zip codes, with your phone number."
            ),
        }

    def initial(self, config: Json) -> Json:
        """Codes as one text."""
        return {
            "areas": [
                {"location": area["location_id"], "zip_codes": ", ".join(area["zip_codes"])}
                for area in config.get("areas", [])
            ],
            "outside_message": config.get("outside_message", ""),
        }

    def config(self, cleaned: Json, before: Json, locations: Mapping[str, str]) -> Json:
        """One area a location, whatever the number of rows."""
        areas: dict[str, list[str]] = {}
        for row in cleaned.get("areas") or []:
            areas.setdefault(row["location"], []).extend(row["zip_codes"])
        return {
            "areas": [
                {
                    "location_id": location_id,
                    "location_name": locations[location_id],
                    "zip_codes": list(dict.fromkeys(codes)),
                }
                for location_id, codes in areas.items()
            ],
            "outside_message": cleaned.get("outside_message", ""),
        }


class SelectionSettings(StepSettings):
    """Whether one visit may be for several services; the graph itself is edited on a page of its own."""

    def fields(self, locations: Mapping[str, str]) -> dict[str, forms.Field]:
        """A switch."""
        return {
            "allow_several": forms.BooleanField(
                required=False,
                label="Customers may book several services in one visit",
                widget=UnfoldBooleanSwitchWidget,
                help_text="After each service they can add another; times are then offered for all of them.",
            )
        }

    def config(self, cleaned: Json, before: Json, locations: Mapping[str, str]) -> Json:
        """On or off."""
        return {"allow_several": bool(cleaned.get("allow_several"))}


class DetailsSettings(StepSettings):
    """What to ask about the visit."""

    def fields(self, locations: Mapping[str, str]) -> dict[str, forms.Field]:
        """Questions as rows."""
        return {"fields": RowsField(DetailRow, label="What you ask", add_label="Add a question")}

    def initial(self, config: Json) -> Json:
        """Choices one a line."""
        return {
            "fields": [
                {**field, "options": "\n".join(option["label"] for option in field.get("options", []))}
                for field in config.get("fields", [])
            ]
        }

    def config(self, cleaned: Json, before: Json, locations: Mapping[str, str]) -> Json:
        """Keys stay what they were: bookings are answered by them."""
        known = {
            field["key"]: {option["label"]: option["value"] for option in field.get("options", [])}
            for field in before.get("fields", [])
        }
        made: list[Json] = []
        for row in cleaned.get("fields") or []:
            taken = [field["key"] for field in made]
            own = row["key"] if row["key"] in known and row["key"] not in taken else ""
            key = own or key_of(row["label"], [*taken, *known])
            made.append({**row, "key": key, "options": self._options(row["options"], known.get(key, {}))})
        return {"fields": made}

    def _options(self, labels: Sequence[str], known: Mapping[str, str]) -> list[Json]:
        options: list[Json] = []
        for label in labels:
            taken = [*known.values(), *(option["value"] for option in options)]
            options.append({"value": known.get(label) or key_of(label, taken), "label": label})
        return options


class TimeslotSettings(StepSettings):
    """How a time is chosen, and where."""

    def fields(self, locations: Mapping[str, str]) -> dict[str, forms.Field]:
        """A switch and a location."""
        return {
            "allow_resource_choice": forms.BooleanField(
                required=False,
                label="Customers choose the person",
                widget=UnfoldBooleanSwitchWidget,
                help_text="Off: they choose a time, and get whoever is free.",
            ),
            "location_id": forms.ChoiceField(
                required=False,
                label="Where",
                choices=[("", "The branch that serves their zip code"), *locations.items()],
                widget=UnfoldAdminSelectWidget,
                help_text="Choose a location if this flow does not ask for a zip code.",
            ),
        }

    def config(self, cleaned: Json, before: Json, locations: Mapping[str, str]) -> Json:
        """The location by id and name, so that a published flow can show it."""
        location_id = cleaned.get("location_id") or None
        return {
            "allow_resource_choice": bool(cleaned.get("allow_resource_choice")),
            "location_id": location_id,
            "location_name": locations[location_id] if location_id else "",
        }


class CustomerSettings(StepSettings):
    """What to ask about the customer."""

    def fields(self, locations: Mapping[str, str]) -> dict[str, forms.Field]:
        """Two choices and a sentence."""
        return {
            "ask_email": choice("E-mail", PRESENCE, "Name and phone are always asked for."),
            "ask_address": choice("Address", PRESENCE, "Needed if you come to them."),
            "consent_text": long_text("Consent", "One sentence that they agree to by going on."),
        }

    def initial(self, config: Json) -> Json:
        """Flat."""
        asked = config.get("fields", {})
        return {
            "ask_email": asked.get("email", "optional"),
            "ask_address": asked.get("address", "optional"),
            "consent_text": config.get("consent_text", ""),
        }

    def config(self, cleaned: Json, before: Json, locations: Mapping[str, str]) -> Json:
        """Nested again."""
        return {
            "fields": {"email": cleaned.get("ask_email"), "address": cleaned.get("ask_address")},
            "consent_text": cleaned.get("consent_text", ""),
        }


class SummarySettings(StepSettings):
    """What stands below the summary, and on its button."""

    def fields(self, locations: Mapping[str, str]) -> dict[str, forms.Field]:
        """Two texts."""
        return {
            "policy_text": long_text("Your policy", "One sentence, such as how late one can still cancel."),
            "confirm_label": forms.CharField(
                required=False,
                max_length=40,
                label="Words on the button",
                widget=UnfoldAdminTextInputWidget,
                help_text="Empty: “Book Tuesday 10:00”, with the day and time that were chosen.",
            ),
        }

    def config(self, cleaned: Json, before: Json, locations: Mapping[str, str]) -> Json:
        """Nothing on the button means the widget's own words."""
        return {
            "policy_text": cleaned.get("policy_text", ""),
            "confirm_label": cleaned.get("confirm_label") or None,
        }


def long_text(label: str, help_text: str) -> forms.Field:
    """A text of some lines that may stay empty."""
    return forms.CharField(
        required=False,
        max_length=4000,
        label=label,
        help_text=help_text,
        widget=UnfoldAdminExpandableTextareaWidget,
    )


def choice(label: str, choices: list[tuple[str, str]], help_text: str) -> forms.Field:
    """One of a few."""
    return forms.ChoiceField(
        choices=choices, label=label, help_text=help_text, widget=UnfoldAdminSelectWidget
    )


SETTINGS: Mapping[str, StepSettings] = {
    StepType.ZIPCODE: ZipcodeSettings(),
    StepType.SERVICE_SELECTION: SelectionSettings(),
    StepType.DETAILS: DetailsSettings(),
    StepType.TIMESLOT: TimeslotSettings(),
    StepType.CUSTOMER: CustomerSettings(),
    StepType.SUMMARY: SummarySettings(),
}


def locations_by_id(rows: Sequence[tuple[UUID, str]]) -> dict[str, str]:
    """Choices of locations: id as text → name."""
    return {str(location_id): name for location_id, name in rows}
