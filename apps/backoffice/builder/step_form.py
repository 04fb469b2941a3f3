"""A step's words and settings as one form; saving it is a command's affair."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from pydantic import ValidationError as ShapeError

from apps.availability.models import Location
from apps.backoffice.builder.detail_settings import DetailsSettings
from apps.backoffice.builder.settings import (
    CustomerSettings,
    SelectionSettings,
    StepSettings,
    SummarySettings,
    Surroundings,
    TimeslotSettings,
)
from apps.backoffice.builder.zip_settings import ZipcodeSettings
from apps.backoffice.rota.forms import CalmForm
from apps.core.icons import validate_icon
from apps.core.versions import version_of
from apps.flows.drafts import Words
from apps.flows.models import BookingFlow, BookingFlowStep, StepType
from apps.flows.types import parse_step_config, problems_in_words
from apps.flows.zip_lists import LENGTH_BY_COUNTRY
from apps.organizations.icon_field import IconFormField

SETTINGS: dict[str, StepSettings] = {
    StepType.ZIPCODE: ZipcodeSettings(),
    StepType.SERVICE_SELECTION: SelectionSettings(),
    StepType.DETAILS: DetailsSettings(),
    StepType.TIMESLOT: TimeslotSettings(),
    StepType.CUSTOMER: CustomerSettings(),
    StepType.SUMMARY: SummarySettings(),
}


def surroundings_of(flow: BookingFlow, steps: list[BookingFlowStep]) -> Surroundings:
    """What the settings of this flow's steps are chosen among. One query."""
    locations = Location.objects.for_organization(flow.organization_id).order_by("-active", "name")
    return Surroundings(
        locations={str(location_id): name for location_id, name in locations.values_list("id", "name")},
        zip_length=LENGTH_BY_COUNTRY.get(flow.organization.country),
        asks_zip=any(step.step_type == StepType.ZIPCODE and step.active for step in steps),
    )


def _resent(data: Mapping[str, Any], changes: Mapping[str, str]) -> QueryDict:
    """What was sent, with some of it replaced."""
    sent = QueryDict(mutable=True)
    sent.update(data)
    for name, value in changes.items():
        sent[name] = value
    return sent


class WordsForm(CalmForm):
    """A title, a sentence below it, an icon."""

    title = forms.CharField(max_length=120, label="Title", help_text="What customers read first.")
    description = forms.CharField(
        max_length=1000,
        required=False,
        label="Below it",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A sentence or two. May stay empty.",
    )
    icon = IconFormField(
        max_length=40,
        required=False,
        label="Icon",
        validators=[validate_icon],
    )

    def words(self) -> Words:
        """What was typed."""
        return Words(**{name: self.cleaned_data[name] for name in ("title", "description", "icon")})


class FlowWordsForm(WordsForm):
    """A flow's own words, and those that it had when the page was read."""

    seen_title = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_description = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_icon = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, flow: BookingFlow, **kwargs: Any) -> None:
        content = flow.content()
        seen = {f"seen_{name}": value for name, value in content.items()}
        super().__init__(*args, initial={**content, **seen}, **kwargs)
        self.fields["title"].help_text = "The flow's name: your team sees it."

    def seen(self) -> Words:
        """What the person had before them."""
        return Words(**{name: self.cleaned_data[f"seen_{name}"] for name in ("title", "description", "icon")})

    def show(self, flow: BookingFlow) -> None:
        """Base the next attempt on what the flow says now; what was typed stays."""
        self.data = _resent(self.data, {f"seen_{name}": value for name, value in flow.content().items()})


class StepForm(WordsForm):
    """A step's words, and the settings of its kind."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: BookingFlowStep, around: Surroundings, **kwargs: Any) -> None:
        self.step, self.around = step, around
        self.settings = SETTINGS[step.step_type]
        initial = {**step.content(), **self.settings.initial(step.type_config)}
        initial["seen_version"] = version_of(step)
        kwargs.setdefault("prefix", "s")
        super().__init__(*args, initial=initial, **kwargs)
        self.config: dict[str, Any] = {}
        self.setting_names = list(self.settings.fields(around))
        for name, field in self.settings.fields(around).items():
            self.fields[name] = field
            self.style(field)

    @property
    def words_fields(self) -> list[forms.BoundField]:
        """What customers read."""
        return [self[name] for name in ("title", "description", "icon")]

    @property
    def settings_fields(self) -> list[forms.BoundField]:
        """What the step does."""
        return [self[name] for name in self.setting_names]

    def clean(self) -> dict[str, Any]:
        """Bring the settings into the step's shape."""
        cleaned = super().clean() or self.cleaned_data
        if any(name in self.errors for name in self.setting_names):
            return cleaned
        self.config = self.settings.config(cleaned, self.step.type_config, self.around)
        try:
            parse_step_config(self.step.step_type, self.config)
        except ShapeError as error:
            for words in problems_in_words(error):
                self.add_error(self.settings.main_field, words)
        return cleaned

    def show(self, step: BookingFlowStep) -> str:
        """Base the next attempt on the step as it is now, and say what that is; what was typed stays."""
        self.data = _resent(self.data, {self.add_prefix("seen_version"): str(version_of(step))})
        theirs = {**step.content(), **self.settings.initial(step.type_config)}
        differs = [
            f"{self[name].label}: “{theirs.get(name, '')}”"
            for name in ("title", "description", "icon")
            if theirs.get(name, "") != self[name].value()
        ]
        now = f" They have now – {'; '.join(differs)}." if differs else ""
        return (
            f"Somebody else changed this step meanwhile.{now} What you typed is still below: "
            "save again to put it in place of theirs."
        )
