"""What a step needs to know, as form fields: one small form for each kind of step, no JSON in sight.

Each turns a `type_config` into initial values and back; apps/flows/types.py has the last word on the shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

Json = dict[str, Any]
PRESENCE = [("required", "Must be given"), ("optional", "May be left out"), ("hidden", "Not asked for")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What settings are chosen among: the business's locations by id, and how long its zip codes are."""

    locations: Mapping[str, str]
    zip_length: int | None = None
    asks_zip: bool = False


class StepSettings:
    """The fields of one kind of step, and the way between them and its `type_config`."""

    # The field that a refusal of the whole shape stands beside.
    main_field: str | None = None

    def fields(self, around: Surroundings) -> dict[str, forms.Field]:
        """The form fields by name."""
        return {}

    def initial(self, config: Json) -> Json:
        """The fields' values, from a stored config."""
        return dict(config)

    def config(self, cleaned: Json, before: Json, around: Surroundings) -> Json:
        """The config, from the fields' values. `before` is the stored one."""
        return {}


class SelectionSettings(StepSettings):
    """Whether one visit may be for several services; the graph itself is edited on a page of its own."""

    def fields(self, around: Surroundings) -> dict[str, forms.Field]:
        """A switch."""
        return {
            "allow_several": forms.BooleanField(
                required=False,
                label="Customers may book several services in one visit",
                help_text="After each service they can add another; times are then offered for all of them.",
            )
        }

    def config(self, cleaned: Json, before: Json, around: Surroundings) -> Json:
        """On or off."""
        return {"allow_several": bool(cleaned.get("allow_several"))}


class TimeslotSettings(StepSettings):
    """How a time is chosen, and where."""

    main_field = "location_id"

    def fields(self, around: Surroundings) -> dict[str, forms.Field]:
        """A switch and a location."""
        nowhere = "The location that serves their zip code" if around.asks_zip else "Choose a location"
        return {
            "allow_resource_choice": forms.BooleanField(
                required=False,
                label="Customers may choose the person",
                help_text="Off: they choose a time, and get whoever is free.",
            ),
            "location_id": forms.ChoiceField(
                required=False,
                label="Where",
                choices=[("", nowhere), *around.locations.items()],
                help_text="For a flow that does not ask for a zip code: the location that it books at.",
            ),
        }

    def config(self, cleaned: Json, before: Json, around: Surroundings) -> Json:
        """The location by id and name, so that a published flow can show it."""
        location_id = cleaned.get("location_id") or None
        return {
            "allow_resource_choice": bool(cleaned.get("allow_resource_choice")),
            "location_id": location_id,
            "location_name": around.locations[location_id] if location_id else "",
        }


class CustomerSettings(StepSettings):
    """What to ask about the customer."""

    def fields(self, around: Surroundings) -> dict[str, forms.Field]:
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

    def config(self, cleaned: Json, before: Json, around: Surroundings) -> Json:
        """Nested again."""
        return {
            "fields": {"email": cleaned.get("ask_email"), "address": cleaned.get("ask_address")},
            "consent_text": cleaned.get("consent_text", ""),
        }


class SummarySettings(StepSettings):
    """What stands below the summary, and on its button."""

    def fields(self, around: Surroundings) -> dict[str, forms.Field]:
        """Two texts."""
        return {
            "policy_text": long_text("Your policy", "One sentence, such as how late one can still cancel."),
            "confirm_label": forms.CharField(
                required=False,
                max_length=40,
                label="Words on the button",
                help_text="Empty: “Book Tuesday 10:00”, with the day and time that were chosen.",
            ),
        }

    def config(self, cleaned: Json, before: Json, around: Surroundings) -> Json:
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
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def choice(label: str, choices: list[tuple[str, str]], help_text: str) -> forms.Field:
    """One of a few, all of them in sight."""
    return forms.ChoiceField(choices=choices, label=label, help_text=help_text, widget=forms.RadioSelect)
