"""How the back office writes times, statuses and lists: small pieces of HTML, and inputs for arrays."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminTextInputWidget,
)

NOTHING = "–"


def badge(text: Any, tone: str = "neutral") -> SafeString:
    """A labelled status. Tones: neutral, info, success, warning, danger."""
    return format_html('<span class="bo-badge bo-badge-{}">{}</span>', tone, text)


def chips(words: Iterable[Any]) -> SafeString | str:
    """Words side by side, each in a frame of its own."""
    return format_html_join(" ", '<span class="bo-chip">{}</span>', ((word,) for word in words)) or NOTHING


def zone_label(moment: datetime, zone: str) -> str:
    """The zone as people there write it, such as “MST”; its city where it has no letters."""
    name = moment.astimezone(ZoneInfo(zone)).tzname() or ""
    return name if name.isalpha() else zone.rsplit("/", 1)[-1].replace("_", " ")


def local_time(moment: datetime | None, zone: str) -> SafeString | str:
    """“Mon 14 Jan 2030, 10:00 MST”; the zone's full name stands in the title."""
    if moment is None:
        return NOTHING
    wall = moment.astimezone(ZoneInfo(zone))
    return format_html(
        '<time datetime="{}" title="{}" class="bo-time">{} <span class="bo-zone">{}</span></time>',
        moment.isoformat(),
        zone.replace("_", " "),
        f"{wall:%a} {wall.day} {wall:%b %Y, %H:%M}",
        zone_label(moment, zone),
    )


def local_day(moment: datetime, zone: str) -> str:
    """“14 Jan 2030”."""
    wall = moment.astimezone(ZoneInfo(zone))
    return f"{wall.day} {wall:%b %Y}"


def local_hour(moment: datetime, zone: str) -> SafeString:
    """“10:00 MST”."""
    wall = moment.astimezone(ZoneInfo(zone))
    return format_html(
        '<time datetime="{}" title="{}" class="bo-time">{} <span class="bo-zone">{}</span></time>',
        moment.isoformat(),
        zone.replace("_", " "),
        f"{wall:%H:%M}",
        zone_label(moment, zone),
    )


def minutes_in_words(minutes: int) -> str:
    """90 → “1 h 30 min”."""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def facts(values: Mapping[str, Any]) -> SafeString | str:
    """A JSON object as rows of a name and a value, without braces."""
    rows = [(key.replace("_", " "), _plain(value)) for key, value in values.items()]
    return (
        format_html('<dl class="bo-facts">{}</dl>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))
        if rows
        else NOTHING
    )


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(inner)}" for key, inner in value.items()) or NOTHING
    if isinstance(value, list | tuple):
        return ", ".join(_plain(inner) for inner in value) or NOTHING
    return NOTHING if value in (None, "") else str(value)


class WordsField(forms.Field):
    """A list of words, written with commas between them."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        """The list as people type it."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:
        """The words, trimmed, each once, in the order in which they were typed."""
        words = value if isinstance(value, list | tuple) else (value or "").split(",")
        return list(dict.fromkeys(word.strip() for word in words if word.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as lists."""
        return self.to_python(initial) != self.to_python(data)


class LinesField(WordsField):
    """A list of texts, one a line."""

    widget = UnfoldAdminExpandableTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        """The list as people type it."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:
        """The lines that are not empty, trimmed."""
        lines = value if isinstance(value, list | tuple) else (value or "").splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week as checkboxes in a row; None where no day is chosen."""

    widget = UnfoldAdminCheckboxSelectMultipleWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, required=False, **kwargs)
