"""The small forms of the guided start."""

import zoneinfo
from datetime import time
from typing import Any

from django import forms

from apps.availability.models import WEEKDAYS
from apps.flows.appearance import HEX_COLOR
from apps.organizations.admin_display import LinesField

# What a business is likely to trade in; any other is set in its settings.
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD", "NZD", "DKK", "SEK", "NOK", "CHF", "AED", "INR")
COUNTRIES = ("US", "CA", "GB", "IE", "AU", "NZ", "DK", "SE", "NO", "DE", "AT", "CH", "FR", "ES", "IT", "NL")
OPENS, CLOSES = time(9), time(17)
WORKDAYS = 5
INPUT = {"class": "bo-input"}


class BusinessForm(forms.Form):
    """Name, place, currency, phone."""

    name = forms.CharField(max_length=120, label="What is it called?", widget=forms.TextInput(attrs=INPUT))
    phone_number = forms.CharField(
        max_length=30,
        label="Whom can customers call?",
        help_text="Shown where booking online is not possible.",
        widget=forms.TextInput(attrs={**INPUT, "type": "tel", "autocomplete": "tel"}),
    )
    country = forms.ChoiceField(label="Country", widget=forms.Select(attrs=INPUT))
    timezone = forms.ChoiceField(label="Time zone", widget=forms.Select(attrs=INPUT))
    currency = forms.ChoiceField(label="Currency", widget=forms.Select(attrs=INPUT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.initial
        zones = sorted(
            name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/")
        )
        for field, usual in (("country", COUNTRIES), ("currency", CURRENCIES), ("timezone", zones)):
            values = list(dict.fromkeys([*([own[field]] if own.get(field) else []), *usual]))
            choices = [(value, value.replace("_", " ")) for value in values]
            self.fields[field].choices = choices  # type: ignore[attr-defined]  # a choice field


class HoursForm(forms.Form):
    """Open or closed, and from when until when, for each weekday."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, _ in WEEKDAYS:
            works = day <= WORKDAYS
            self.fields[f"open_{day}"] = forms.BooleanField(required=False, initial=works)
            for name, usual in (("from", OPENS), ("to", CLOSES)):
                attrs = {**INPUT, "type": "time", "step": "900"}
                self.fields[f"{name}_{day}"] = forms.TimeField(
                    required=False, initial=usual, widget=forms.TimeInput(attrs=attrs, format="%H:%M")
                )

    def rows(self) -> list[dict[str, Any]]:
        """The days as the page shows them."""
        return [
            {
                "day": day,
                "name": name,
                "open": self[f"open_{day}"],
                "from": self[f"from_{day}"],
                "to": self[f"to_{day}"],
            }
            for day, name in WEEKDAYS
        ]

    def clean(self) -> dict[str, Any]:
        """At least one day, and each with a beginning and an end."""
        cleaned: dict[str, Any] = super().clean() or {}
        open_days = [(day, name) for day, name in WEEKDAYS if cleaned.get(f"open_{day}")]
        if not open_days:
            raise forms.ValidationError("Choose at least one day.")
        for day, name in open_days:
            start, end = cleaned.get(f"from_{day}"), cleaned.get(f"to_{day}")
            if start is None or end is None or start >= end:
                raise forms.ValidationError(f"{name}: say from when until when, such as 9:00 to 17:00.")
        return cleaned

    def week(self) -> dict[int, tuple[time, time]]:
        """The days that are worked."""
        done = self.cleaned_data
        return {day: (done[f"from_{day}"], done[f"to_{day}"]) for day, _ in WEEKDAYS if done[f"open_{day}"]}


class BrandForm(forms.Form):
    """One colour, and the logo."""

    color_primary = forms.RegexField(
        HEX_COLOR,
        label="Your colour",
        help_text="Buttons and links of the widget.",
        widget=forms.TextInput(attrs={"class": "bo-color", "type": "color"}),
    )
    logo = forms.FileField(
        required=False,
        label="Your logo",
        help_text="PNG, JPEG or WebP, at most 512 kB. You can add it later.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class EmbedForm(forms.Form):
    """Which sites may show the widget."""

    origins = LinesField(
        label="Your website",
        help_text="As in the browser's address bar. One a line if there are several.",
        widget=forms.Textarea(attrs={**INPUT, "rows": 2, "placeholder": "https://www.example.com"}),
    )
