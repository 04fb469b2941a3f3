"""The forms of the roster: few fields, in the words of somebody who runs a salon."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.core.validators import BaseValidator, MinValueValidator
from django.http import QueryDict

from apps.availability.models import WEEKDAYS, Resource, TimeOffType
from apps.availability.time_off.changes import TimeOffDetails
from apps.backoffice.rota.repeats import ENDS, REPEATS, Repeat
from apps.organizations.admin_display import WeekdaysField

WINDOWS = 3
DAY_MINUTES = 1440


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class CountField(forms.IntegerField):
    """A whole number, whose limits are said in words."""

    default_error_messages: ClassVar = {"invalid": "Type a whole number.", "required": "Type a number."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for check in self.validators:
            least = isinstance(check, MinValueValidator)
            cast("BaseValidator", check).message = f"At {'least' if least else 'most'} %(limit_value)s."


class CalmForm(forms.Form):
    """A form that says what is wrong beside the field, also to screen readers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("use_required_attribute", False)
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            self.style(field)

    def style(self, field: forms.Field) -> None:
        """Our own look; call it for a field that comes later."""
        kind = type(field.widget).__name__
        if kind not in {"RadioSelect", "CheckboxSelectMultiple", "CheckboxInput"}:
            field.widget.attrs["class"] = "bo-input"

    def add_error(self, field: Any, error: Any) -> None:
        """Mark the input, too."""
        super().add_error(field, error)
        if field in self.fields:
            name = self.add_prefix(field)
            self.fields[field].widget.attrs |= {
                "aria-invalid": "true",
                "aria-describedby": f"id_{name}-errors",
            }


class DayForm(CalmForm):
    """Somebody's hours of every such weekday, or of one date."""

    WHAT = (("open", "Working"), ("closed", "Not working"), ("inherit", "Nothing of their own"))

    scope = forms.ChoiceField(label="For", widget=forms.RadioSelect)
    what = forms.ChoiceField(label="On this day", widget=forms.RadioSelect, choices=WHAT)
    start_1 = forms.TimeField(label="From", required=False, widget=TimeInput)
    end_1 = forms.TimeField(label="Until", required=False, widget=TimeInput)
    start_2 = forms.TimeField(label="and from", required=False, widget=TimeInput)
    end_2 = forms.TimeField(label="until", required=False, widget=TimeInput)
    start_3 = forms.TimeField(label="and from", required=False, widget=TimeInput)
    end_3 = forms.TimeField(label="until", required=False, widget=TimeInput)
    note = forms.CharField(
        label="Why", required=False, max_length=120, help_text="Your team sees it, such as “Thanksgiving”."
    )
    slot_granularity_minutes = CountField(
        label="A visit can begin every … minutes", min_value=1, max_value=DAY_MINUTES, initial=15
    )
    slot_duration_minutes = CountField(
        label="Length of one time, in minutes", min_value=1, max_value=DAY_MINUTES, initial=30
    )
    slot_capacity = CountField(label="Customers at the same time", min_value=1, initial=1)

    def __init__(self, *args: Any, day: date, whose: str | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weekday = f"{day:%A}"
        scopes = (("week", f"Every {weekday}"), ("date", f"Only {weekday} {day.day} {day:%B}"))
        inherit = "As the branch has it" if whose else "Nothing set here"
        choices = (
            ("open", "Working" if whose else "Open"),
            ("closed", "Not working" if whose else "Closed"),
            ("inherit", inherit),
        )
        self._choose("scope", scopes)
        self._choose("what", choices)
        if not whose:
            self.fields["what"].help_text = (
                "“Nothing set here” takes back what was set: a date has its usual hours again, "
                "a weekday none."
            )

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = list(choices)

    def windows(self) -> tuple[tuple[time, time], ...]:
        """The hours that were typed."""
        pairs = ((f"start_{number}", f"end_{number}") for number in range(1, WINDOWS + 1))
        typed = ((self.cleaned_data.get(start), self.cleaned_data.get(end)) for start, end in pairs)
        return tuple((start, end) for start, end in typed if start is not None and end is not None)

    def clean(self) -> dict[str, Any]:
        """Half a window is a mistake."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") != "open":
            return cleaned
        for number in range(1, WINDOWS + 1):
            start, end = cleaned.get(f"start_{number}"), cleaned.get(f"end_{number}")
            if (start is None) != (end is None):
                missing = f"start_{number}" if start is None else f"end_{number}"
                if missing not in self.errors:
                    self.add_error(missing, "Say both: from when and until when.")
        if not self.errors and not self.windows():
            self.add_error("start_1", "Say from when, or choose that it is closed.")
        if not self.errors:
            self._ensure_apart()
        return cleaned

    def _ensure_apart(self) -> None:
        """Two lines of one day are not about the same time."""
        before: list[tuple[int, int, str]] = []
        for number in range(1, WINDOWS + 1):
            start, end = self.cleaned_data.get(f"start_{number}"), self.cleaned_data.get(f"end_{number}")
            if start is None or end is None:
                continue
            first, last = (one.hour * 60 + one.minute for one in (start, end))
            last += DAY_MINUTES if last <= first else 0  # ends on the next day
            for opens, closes, words in before:
                if first < closes and opens < last:
                    self.add_error(f"start_{number}", f"This overlaps with {words} above.")
                    return
            before.append((first, last, f"{start:%H:%M}–{end:%H:%M}"))


class CopyForm(CalmForm):
    """One person's week for others."""

    source = forms.ChoiceField(label="Copy the week of")
    targets = forms.MultipleChoiceField(
        label="For whom",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person to copy to."},
    )

    def __init__(
        self, *args: Any, sources: Iterable[Resource], people: Iterable[Resource], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("source", sources), ("targets", people)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
            field.choices = [(str(person.pk), person.name) for person in choices]


class ClosingForm(CalmForm):
    """Days on which a branch is closed, or has other hours."""

    note = forms.CharField(
        label="What for",
        max_length=120,
        help_text="Such as “Summer break”.",
        error_messages={"required": "Say what for: your team sees it on the roster."},
    )
    valid_from = forms.DateField(
        label="First day", widget=DateInput, error_messages={"required": "Choose the first day."}
    )
    valid_to = forms.DateField(
        label="Last day", required=False, widget=DateInput, help_text="Empty: one day."
    )
    what = forms.ChoiceField(
        label="On these days",
        widget=forms.RadioSelect,
        choices=(("closed", "Closed"), ("open", "Open at other hours")),
        initial="closed",
    )
    start_time = forms.TimeField(label="From", required=False, widget=TimeInput)
    end_time = forms.TimeField(label="Until", required=False, widget=TimeInput)

    def clean(self) -> dict[str, Any]:
        """Open days have hours."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["valid_to"] = cleaned.get("valid_to") or cleaned.get("valid_from")
        if cleaned.get("what") == "open":
            for name in ("start_time", "end_time"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, "Say when.")
        return cleaned


class HolidaysForm(CalmForm):
    """Which public holidays."""

    country = forms.ChoiceField(label="Country")
    subdivision = forms.ChoiceField(label="State or region", required=False)
    year = forms.TypedChoiceField(label="Until the end of", coerce=int)

    def __init__(
        self, *args: Any, countries: Any, subdivisions: Any, years: Iterable[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "country": countries,
            "subdivision": [("", "The whole country"), *subdivisions],
            "year": [(year, str(year)) for year in years],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
            field.choices = list(values)


class TimeOffForm(CalmForm):
    """When somebody is away, once or again and again."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    resource = forms.ChoiceField(label="Who")
    type = forms.ChoiceField(label="What for", choices=TimeOffType.choices, initial=TimeOffType.VACATION)
    note = forms.CharField(
        label="Note", required=False, max_length=120, help_text="For your team; customers never see it."
    )
    first_day = forms.DateField(
        label="From", widget=DateInput, error_messages={"required": "Choose the first day."}
    )
    last_day = forms.DateField(label="Until", required=False, widget=DateInput, help_text="Empty: one day.")
    all_day = forms.BooleanField(label="All day", required=False, initial=True)
    start_time = forms.TimeField(label="From", required=False, widget=TimeInput)
    end_time = forms.TimeField(label="Until", required=False, widget=TimeInput)
    repeat = forms.ChoiceField(label="Repeats", choices=REPEATS, initial="never")
    every = CountField(label="Once every", min_value=1, max_value=99, initial=1)
    days = WeekdaysField(
        label="On", choices=WEEKDAYS, help_text="None chosen: on the weekday of the first day."
    )
    ends = forms.ChoiceField(label="Ends", choices=ENDS, initial="never", widget=forms.RadioSelect)
    until = forms.DateField(label="Last possible day", required=False, widget=DateInput)
    times = CountField(label="How many times", required=False, min_value=1, max_value=999)

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].widget = forms.CheckboxSelectMultiple(choices=WEEKDAYS)
        field = self.fields["resource"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = list(people)

    def clean(self) -> dict[str, Any]:
        """Times where it is not all day; an end after the start; a repetition that ends as it says."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("all_day"):
            for name in ("start_time", "end_time"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, "Say when, or choose “all day”.")
        if cleaned.get("repeat") not in {None, "never"}:
            self._clean_end(cleaned)
        if not self.errors and self._length() <= timedelta(0):
            self.add_error("last_day" if cleaned.get("last_day") else "end_time", "It ends before it begins.")
        return cleaned

    def _clean_end(self, cleaned: dict[str, Any]) -> None:
        wanted = {"until": "until", "times": "times"}.get(cleaned.get("ends") or "")
        if wanted and not cleaned.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, "Say until when, or choose another end.")

    def _bounds(self) -> tuple[datetime, datetime]:
        cleaned = self.cleaned_data
        last = cleaned.get("last_day") or cleaned["first_day"]
        if cleaned.get("all_day"):
            start = datetime.combine(cleaned["first_day"], time.min)
            return start, datetime.combine(last, time.min) + timedelta(days=1)
        end = datetime.combine(last, cleaned["end_time"])
        start = datetime.combine(cleaned["first_day"], cleaned["start_time"])
        over_midnight = end <= start and not cleaned.get("last_day")
        return start, end + timedelta(days=1) if over_midnight else end

    def _length(self) -> timedelta:
        start, end = self._bounds()
        return end - start

    def show_version(self, version: int) -> None:
        """What is saved next is based on this version: the person has been told what it says."""
        data = cast("QueryDict", self.data).copy()
        data["seen_version"] = str(version)
        self.data = data

    def details(self) -> TimeOffDetails:
        """As the command takes it; the repetition has become a rule."""
        cleaned = self.cleaned_data
        start, _ = self._bounds()
        repeat = Repeat(
            every=cleaned["repeat"],
            interval=cleaned["every"],
            days=tuple(cleaned.get("days") or ()),
            until=cleaned.get("until") if cleaned["ends"] == "until" else None,
            times=cleaned.get("times") if cleaned["ends"] == "times" else None,
        )
        return TimeOffDetails(
            start_date=start.date(),
            start_time=start.time(),
            duration_minutes=int(self._length().total_seconds()) // 60,
            type=cleaned["type"],
            rrule=repeat.rrule(),
            note=cleaned["note"],
        )


class ReminderForm(CalmForm):
    """A note in the calendar."""

    resource = forms.ChoiceField(label="For", required=False)
    day = forms.DateField(label="Day", widget=DateInput, error_messages={"required": "Choose a day."})
    at = forms.TimeField(label="Time", widget=TimeInput, error_messages={"required": "Say at what time."})
    note = forms.CharField(
        label="What to remember",
        max_length=120,
        error_messages={"required": "Write down what to remember."},
    )

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["resource"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = [("", "Everybody"), *people]


class ExplainForm(CalmForm):
    """Which time is missing."""

    location = forms.ChoiceField(label="Location")
    service = forms.ChoiceField(label="Service", required=False)
    person = forms.ChoiceField(label="With", required=False)
    day = forms.DateField(label="Day", widget=DateInput, error_messages={"required": "Say which day."})
    at = forms.TimeField(label="Time", widget=TimeInput, error_messages={"required": "Say which time."})

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
            field.choices = values


class CapacityForm(CalmForm):
    """How many at the same time."""

    capacity = CountField(label="Customers at the same time", min_value=1, max_value=1000)
