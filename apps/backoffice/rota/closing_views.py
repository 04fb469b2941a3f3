"""A branch's year: closings, special hours, public holidays."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import holidays
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.availability.commands.import_holidays import import_holidays, public_holidays
from apps.availability.commands.rules import add_rule, remove_rule
from apps.availability.hours.policies import RuleFields
from apps.availability.hours.preview import preview_rule_change
from apps.availability.hours.preview_words import words_of
from apps.availability.hours.rules import days_between
from apps.availability.models import AvailabilityRule, Location, RuleKind
from apps.availability.offering.offers import rule_value
from apps.availability.slots.in_words import times_in_words
from apps.availability.staff_queries import visits_on_days
from apps.backoffice.rota.access import (
    acting,
    chosen_location,
    location_or_404,
    own_locations,
    page,
    refuse,
    rota_page,
)
from apps.backoffice.rota.forms import ClosingForm, HolidaysForm
from apps.backoffice.rota.week import today_of
from apps.core.errors import DomainError

LONGEST_SHOWN = 400
YEARS_AHEAD = 4
SMALL_WORDS = re.compile(r"\b(And|Of|The)\b")


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A square of the calendar; `rule` is what is special about it."""

    day: date
    in_month: bool
    is_past: bool
    rule: AvailabilityRule | None


@dataclass(frozen=True, slots=True)
class Month:
    """Its name and weeks."""

    first: date
    weeks: Sequence[Sequence[DayOfYear]]


@dataclass(frozen=True, slots=True)
class ComingHoliday:
    """A holiday before its import: whether its day is decided already, and how many bookings it touches."""

    day: date
    name: str
    kept: bool
    bookings: int


def exceptions_of(location: Location) -> list[AvailabilityRule]:
    """The location's own closings and special hours, in order. One query."""
    rows = AvailabilityRule.objects.for_organization(location.organization_id).filter(
        location=location, resource__isnull=True, rule_kind=RuleKind.EXCEPTION
    )
    return list(rows.order_by("valid_from", "start_time"))


def months_of(year: int, rows: Sequence[AvailabilityRule], *, today: date) -> list[Month]:
    """Twelve calendars, weeks beginning on Monday. Pure."""
    special: dict[date, AvailabilityRule] = {}
    for row in rows:
        first, last = row.valid_from or date.max, row.valid_to or date.min
        if last.year < year or first.year > year:
            continue
        for day in days_between(max(first, date(year, 1, 1)), min(last, date(year, 12, 31))):
            if rule_value(row).holds_on(day):
                special.setdefault(day, row)
    weeks = calendar.Calendar()
    return [
        Month(
            first=date(year, month, 1),
            weeks=[
                [
                    DayOfYear(
                        day, day.month == month, day < today, special.get(day) if day.month == month else None
                    )
                    for day in week
                ]
                for week in weeks.monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def closings_url(location: Location, year: int | None = None) -> str:
    """The calendar of a branch's year."""
    query = {"location": location.pk, **({"year": year} if year else {})}
    return f"{reverse('admin:closings')}?{urlencode(query)}"


def _year(request: HttpRequest, otherwise: int) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdigit() and 2000 <= int(text) < 2100 else otherwise  # noqa: PLR2004  (as holidays)


@rota_page
def closings(request: HttpRequest) -> HttpResponse:
    """The year as a calendar, with a list of what is to come."""
    locations = own_locations(request)
    location = chosen_location(locations, request.GET.get("location"))
    if location is None:
        return page(request, "closings", title="Closings", location=None)
    today = today_of(location)
    year = _year(request, today.year)
    rows = exceptions_of(location)
    months = months_of(year, rows, today=today)
    coming = [row for row in rows if row.valid_to and row.valid_to >= today and row.valid_to.year >= year]
    return page(
        request,
        "closings",
        title="Closings",
        location=location,
        locations=locations,
        year=year,
        today=today,
        months=[month for month in months if (year, month.first.month) >= (today.year, today.month)],
        earlier=[month for month in months if (year, month.first.month) < (today.year, today.month)],
        coming=[row for row in coming if row.valid_from and row.valid_from.year <= year],
        later=sum(1 for row in coming if row.valid_from and row.valid_from.year > year),
    )


@rota_page
def add_closing(request: HttpRequest) -> HttpResponse:
    """Closed days or special hours: edit, preview, save."""
    location = location_or_404(request)
    initial = {"valid_from": request.GET.get("date") or None}
    form, preview = ClosingForm(request.POST or None, initial=initial), None
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        fields = _fields(location, cleaned)
        try:
            if request.POST.get("step") == "save":
                done = add_rule(actor=acting(request, location), fields=fields)
                messages.success(request, f"“{fields.note}” was added. {times_in_words(done.report)}")
                return HttpResponseRedirect(closings_url(location, cleaned["valid_from"].year))
            days = max((cleaned["valid_to"] - today_of(location)).days + 1, 1)
            found = preview_rule_change(
                organization_id=location.organization_id,
                location_id=location.pk,
                fields=fields,
                days=min(days, LONGEST_SHOWN),
            )
            preview = words_of(found)
            if preview.conflict:
                form.add_error("valid_from", preview.conflict)
        except DomainError as error:
            refuse(form, error, "valid_from")
    back = closings_url(location)
    return page(
        request,
        "closing",
        title="Closing or special hours",
        form=form,
        preview=preview,
        location=location,
        back=back,
    )


def _fields(location: Location, cleaned: dict[str, Any]) -> RuleFields:
    """A closing; or other hours with the grid that the branch's own hours have."""
    closed = RuleFields(
        location_id=location.pk,
        rule_kind=RuleKind.EXCEPTION,
        valid_from=cleaned["valid_from"],
        valid_to=cleaned["valid_to"],
        note=cleaned["note"],
        is_closed=True,
    )
    if cleaned["what"] == "closed":
        return closed
    opened = replace(closed, is_closed=False, start_time=cleaned["start_time"], end_time=cleaned["end_time"])
    usual = AvailabilityRule.objects.for_organization(location.organization_id).filter(
        location=location, resource__isnull=True, is_closed=False
    )
    like = usual.order_by("-rule_kind").first()
    if like is None:
        return opened
    return replace(
        opened,
        slot_granularity_minutes=like.slot_granularity_minutes,
        slot_duration_minutes=like.slot_duration_minutes,
        slot_capacity=like.slot_capacity,
    )


@rota_page
@require_POST
def remove_closing(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Take a closing of one's own branch away again."""
    location = location_or_404(request, request.POST.get("location"))
    try:
        done = remove_rule(actor=acting(request, location), rule_id=rule_id)
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        what = done.rule.note or "The exception"
        messages.success(request, f"“{what}” was removed. {times_in_words(done.report)}")
    return HttpResponseRedirect(closings_url(location))


@rota_page
def import_days(request: HttpRequest) -> HttpResponse:
    """Public holidays: choose where, look at what will be added, import."""
    location = location_or_404(request)
    today = today_of(location)
    sent = (request.POST or request.GET).copy()
    country = sent.get("country") or location.organization.country or "US"
    subdivisions = _subdivisions(country)
    if sent.get("subdivision") not in {code for code, _ in subdivisions}:
        sent["subdivision"] = ""  # of the country that was chosen before
    form = HolidaysForm(
        sent if sent.get("year") else None,
        initial={"country": country, "year": today.year + 1},
        countries=_countries(),
        subdivisions=subdivisions,
        years=range(today.year, today.year + YEARS_AHEAD),
    )
    listed: list[ComingHoliday] | None = None
    if sent.get("year") and form.is_valid():
        cleaned = form.cleaned_data
        asked: dict[str, Any] = {
            "country": cleaned["country"],
            "subdivision": cleaned["subdivision"] or None,
            "years": list(range(today.year, cleaned["year"] + 1)),
        }
        try:
            if request.method == "POST":
                return _import(request, location, asked)
            listed = _coming(location, today, asked)
        except DomainError as error:
            refuse(form, error, "country")
    return page(
        request,
        "holidays",
        title="Public holidays",
        form=form,
        listed=listed,
        new=sum(1 for one in listed or [] if not one.kept),
        booked=sum(one.bookings for one in listed or []),
        location=location,
        back=closings_url(location),
    )


def _import(request: HttpRequest, location: Location, asked: dict[str, Any]) -> HttpResponse:
    done = import_holidays(actor=acting(request, location), location_id=location.pk, **asked)
    count = len(done.added)
    said = f"{count} {'holiday was' if count == 1 else 'holidays were'} added."
    messages.success(request, f"{said} {times_in_words(done.report)}")
    # To where the first of them can be seen.
    first = min((holiday.day for holiday in done.added), default=None)
    return HttpResponseRedirect(closings_url(location, first.year if first else None))


def _coming(location: Location, today: date, asked: dict[str, Any]) -> list[ComingHoliday]:
    """The holidays to come, those with an exception that would be kept, and what is booked on the others."""
    found = public_holidays(**asked, locale=location.organization.locale)
    rules = [rule_value(row) for row in exceptions_of(location)]
    coming = [holiday for holiday in found if holiday.day >= today]
    kept = {holiday.day for holiday in coming if any(rule.holds_on(holiday.day) for rule in rules)}
    booked = visits_on_days(location, {holiday.day for holiday in coming} - kept)
    return [
        ComingHoliday(holiday.day, holiday.name, holiday.day in kept, booked.get(holiday.day, 0))
        for holiday in coming
    ]


def _countries() -> list[tuple[str, str]]:
    """Those whose holidays are known, by name."""
    known = set(holidays.list_supported_countries(include_aliases=False))
    names = ((values[1], name) for name, values in holidays.registry.COUNTRIES.items())
    found = [(code, SMALL_WORDS.sub(_small, name.replace("_", " ").title())) for code, name in names]
    return sorted((pair for pair in found if pair[0] in known), key=lambda pair: pair[1])


def _small(match: re.Match[str]) -> str:
    return match.group().lower()


def _subdivisions(country: str) -> list[tuple[str, str]]:
    """The states or regions of a country, by name where the library knows one."""
    codes = holidays.list_supported_countries(include_aliases=False).get(country, [])
    if not codes:
        return []
    aliases = getattr(holidays.country_holidays(country, years=[]), "subdivisions_aliases", {})
    names = {code: name for name, code in aliases.items()}
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])
