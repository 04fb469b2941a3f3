"""The week roster, and the dialogs that its cells open."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.availability.commands.copy_week import copy_week
from apps.availability.commands.set_day_hours import set_day_hours
from apps.availability.hours.day_hours import DayHours
from apps.availability.hours.preview import preview_day_hours
from apps.availability.hours.preview_words import words_of
from apps.availability.hours.week_copy import preview_copy
from apps.availability.models import AvailabilityRule, Location, Resource, ResourceKind, RuleKind
from apps.availability.slots.in_words import times_in_words
from apps.backoffice.rota.access import (
    acting,
    chosen_location,
    location_or_404,
    own_locations,
    own_resource,
    page,
    people_of,
    refuse,
    rota_page,
)
from apps.backoffice.rota.forms import WINDOWS, CopyForm, DayForm
from apps.backoffice.rota.week import Hours, hours_of, monday_of, pairs_of, today_of, week_of
from apps.core.errors import DomainError


def day_or(text: str | None, otherwise: date) -> date:
    """A date as `2026-12-01`; anything else counts as none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


def roster_url(location: Location, day: date) -> str:
    """The roster of the week in which a day lies."""
    query = urlencode({"location": location.pk, "week": monday_of(day).isoformat()})
    return f"{reverse('admin:roster')}?{query}"


@rota_page
def roster(request: HttpRequest) -> HttpResponse:
    """The grid of a week."""
    locations = own_locations(request)
    location = chosen_location(locations, request.GET.get("location"))
    if location is None:
        return page(request, "roster", title="Roster", week=None)
    monday = monday_of(day_or(request.GET.get("week"), today_of(location)))
    week = week_of(location, monday)
    return page(request, "roster", title="Roster", week=week, locations=locations, location=location)


def _person(request: HttpRequest, location: Location) -> Resource | None:
    wanted = request.GET.get("person")
    if not wanted:
        return None
    person = own_resource(request, wanted)
    if person.location_id != location.pk or person.kind == ResourceKind.POOL:
        raise Http404("They do not work here.")
    return person


def _initial(rows: list[AvailabilityRule], hours: Hours, *, person: Resource | None) -> dict[str, Any]:
    """What the day is now: the hours that decide, whoever's; where it is closed, the branch's grid."""
    open_rows = [row for row in hours.rows if not row.is_closed]
    like = next((row for row in (*open_rows, *rows) if not row.is_closed), None)
    # The branch's places say nothing about how many one person serves at once.
    seats = like.slot_capacity if like and (person is None or like.resource_id) else 1
    initial: dict[str, Any] = {
        "what": "open" if hours.windows or not hours.rows else "closed",
        "scope": "date" if hours.kind == RuleKind.EXCEPTION else "week",
        "note": hours.note if hours.own or person is None else "",
        "slot_capacity": seats,
        "slot_granularity_minutes": like.slot_granularity_minutes if like else 15,
        "slot_duration_minutes": like.slot_duration_minutes if like else 30,
    }
    for number, row in enumerate(sorted(open_rows, key=lambda row: row.start_time)[:WINDOWS], start=1):
        initial |= {f"start_{number}": row.start_time, f"end_{number}": row.end_time}
    return initial


def _wanted(form: DayForm, location: Location, person: Resource | None, day: date) -> DayHours:
    cleaned = form.cleaned_data
    weekly = cleaned["scope"] == "week"
    return DayHours(
        location_id=location.pk,
        resource_id=person.pk if person else None,
        weekday=day.isoweekday() if weekly else None,
        day=None if weekly else day,
        windows=form.windows() if cleaned["what"] == "open" else (),
        is_closed=cleaned["what"] == "closed",
        note=cleaned["note"],
        slot_capacity=cleaned["slot_capacity"],
        slot_granularity_minutes=cleaned["slot_granularity_minutes"],
        slot_duration_minutes=cleaned["slot_duration_minutes"],
    )


@rota_page
def day(request: HttpRequest) -> HttpResponse:
    """Somebody's hours on a weekday or a date: edit, preview, save."""
    location = location_or_404(request)
    person = _person(request, location)
    the_day = day_or(request.GET.get("date"), today_of(location))
    pairs = pairs_of(location)
    hours = hours_of(pairs, person.pk if person else None, the_day)
    initial = _initial([row for _, row in pairs], hours, person=person)
    form = DayForm(request.POST or None, initial=initial, day=the_day, whose=person.name if person else None)
    preview = None
    if request.method == "POST" and form.is_valid():
        wanted = _wanted(form, location, person, the_day)
        try:
            if request.POST.get("step") == "save":
                done = set_day_hours(actor=acting(request, location), wanted=wanted)
                messages.success(request, f"Saved. {times_in_words(done.report)}")
                return HttpResponseRedirect(roster_url(location, the_day))
            found = preview_day_hours(organization_id=location.organization_id, wanted=wanted)
            preview = words_of(found)
            if preview.conflict:
                form.add_error("start_1" if wanted.windows else None, preview.conflict)
        except DomainError as error:
            refuse(form, error, "start_1")
    return page(
        request,
        "day",
        title=f"Hours of {person.name if person else location.name}",
        form=form,
        preview=preview,
        location=location,
        person=person,
        day=the_day,
        hours=hours,
        back=roster_url(location, the_day),
        windows=[(form[f"start_{n}"], form[f"end_{n}"]) for n in range(1, WINDOWS + 1)],
    )


@rota_page
def copy(request: HttpRequest) -> HttpResponse:
    """One person's weekly hours for others: choose, preview, copy."""
    location = location_or_404(request)
    people = people_of(location)
    weeks = _weeks_in_words(location, people)
    sources = [person for person, words in weeks if words]
    form = CopyForm(
        request.POST or None,
        sources=sources,
        people=people,
        initial={"source": request.GET.get("person", "")},
    )
    back = roster_url(location, day_or(request.GET.get("week"), today_of(location)))
    preview = None
    if request.method == "POST" and form.is_valid():
        source, targets = (
            UUID(form.cleaned_data["source"]),
            [UUID(one) for one in form.cleaned_data["targets"]],
        )
        try:
            if request.POST.get("step") == "save":
                done = copy_week(actor=acting(request, location), source_id=source, target_ids=targets)
                messages.success(request, f"The week was copied. {times_in_words(done.report)}")
                return HttpResponseRedirect(back)
            found = preview_copy(
                organization_id=location.organization_id,
                location_id=location.pk,
                source_id=source,
                target_ids=targets,
            )
            preview = words_of(found)
        except DomainError as error:
            refuse(form, _renamed(error), "source")
    return page(
        request,
        "copy",
        title="Copy a week",
        form=form if sources else None,
        preview=preview,
        location=location,
        back=back,
        weeks=weeks,
    )


def _renamed(error: DomainError) -> DomainError:
    """The command's names of fields as this form has them."""
    names = {"source_id": "source", "target_ids": "targets"}
    if "errors" in error.data:
        error.data["errors"] = {names.get(key, key): said for key, said in error.data["errors"].items()}
    return error


def _weeks_in_words(location: Location, people: list[Resource]) -> list[tuple[Resource, list[str]]]:
    """Everybody's own weekly hours, so that one sees what is copied and what is replaced."""
    pairs = pairs_of(location)
    monday = monday_of(today_of(location))
    found = []
    for person in people:
        weekly = [
            pair for pair in pairs if pair[1].resource_id == person.pk and pair[0].kind == RuleKind.WEEKLY
        ]
        days = [monday + timedelta(days=offset) for offset in range(7)]
        by_day = [(one, hours_of(weekly, person.pk, one)) for one in days]
        words = [
            f"{one:%a} {'off' if hours.is_closed else ', '.join(hours.windows)}"
            for one, hours in by_day
            if hours.rows
        ]
        found.append((person, words))
    return found
