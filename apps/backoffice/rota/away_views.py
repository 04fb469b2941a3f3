"""Time off and reminders: who is away, whom it meets, and what to do about it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.availability.commands.add_reminder import add_reminder
from apps.availability.commands.add_time_off import add_time_off
from apps.availability.commands.cancel_reminder import cancel_reminder
from apps.availability.commands.cancel_time_off import cancel_time_off
from apps.availability.commands.change_time_off import change_time_off
from apps.availability.hours.rules import boundary
from apps.availability.hours.words import day_label
from apps.availability.models import CalendarEvent, EventType, Location, Resource, ResourceKind, TimeOff
from apps.availability.staff_queries import time_off_of
from apps.backoffice.rota import repeats
from apps.backoffice.rota.access import (
    acting,
    chosen_location,
    location_or_404,
    own_locations,
    own_time_off,
    page,
    refuse,
    rota_page,
)
from apps.backoffice.rota.forms import ReminderForm, TimeOffForm
from apps.backoffice.rota.roster_views import day_or
from apps.backoffice.rota.week import today_of
from apps.bookings.to_move import bookings_to_move
from apps.core.clock import app_now
from apps.core.errors import DomainError, StaleVersion
from apps.core.versions import version_of
from apps.organizations.admin_display import local_time
from apps.organizations.staff import Area, access_of

FIELD_OF = {
    "start_date": "first_day",
    "duration_minutes": "last_day",
    "INVALID_RECURRENCE": "repeat",
    "TIME_OFF_TWICE": "first_day",
}


def who_works_at(location: Location) -> list[tuple[str, str]]:
    """Whom one can give time off: people, rooms, equipment, and the pool by the branch's name."""
    rows = Resource.objects.for_organization(location.organization_id).filter(location=location, active=True)
    return [
        (str(row.pk), "All places of the pool" if row.kind == ResourceKind.POOL else row.name)
        for row in rows.order_by("kind", "name")
    ]


def time_off_words(row: TimeOff) -> str:
    """`Mon 14 Jan 2030, all day` or with times, and how often again."""
    start = datetime.combine(row.start_date, row.start_time)
    end = start + timedelta(minutes=row.duration_minutes)
    whole_days = start.time() == end.time() == time.min
    last = end - timedelta(days=1) if whole_days else end
    words = day_label(start.date())
    if whole_days:
        words += f" – {day_label(last.date())}" if last.date() != start.date() else ", all day"
    else:
        words += (
            f", {start:%H:%M}–{'' if end.date() == start.date() else f'{day_label(end.date())}, '}{end:%H:%M}"
        )
    again = repeats.in_words(row.rrule)
    return f"{words}; {again}" if again else words


def _is_over(row: TimeOff, today: date) -> bool:
    if row.rrule:
        repeat = repeats.repeat_of(row.rrule)
        return repeat is not None and repeat.until is not None and repeat.until < today
    ends = datetime.combine(row.start_date, row.start_time) + timedelta(minutes=row.duration_minutes)
    return ends <= datetime.combine(today, time.min)


@rota_page
def time_off_list(request: HttpRequest) -> HttpResponse:
    """Who is away from today on, and the reminders to come, of one branch."""
    locations = own_locations(request)
    location = chosen_location(locations, request.GET.get("location"))
    if location is None:
        return page(request, "time_off", title="Time off", location=None)
    today = today_of(location)
    rows = time_off_of(location.organization_id, filters={"location_id": location.pk})
    listed = list(rows.select_related("resource").order_by("start_date", "start_time", "id"))
    over = request.GET.get("over") == "1"
    shown = [(row, time_off_words(row)) for row in listed if _is_over(row, today) == over]
    return page(
        request,
        "time_off",
        title="Time off",
        location=location,
        locations=locations,
        rows=shown,
        over=over,
        over_count=sum(1 for row in listed if _is_over(row, today)),
        reminders=_reminders(location),
    )


def _reminders(location: Location) -> Sequence[tuple[CalendarEvent, Any]]:
    events = CalendarEvent.objects.for_organization(location.organization_id).filter(
        type=EventType.REMINDER, ends_at__gt=app_now()
    )
    mine = events.filter(resource__location=location) | events.filter(resource__isnull=True)
    found = mine.select_related("resource").order_by("starts_at", "id")
    return [(event, local_time(event.starts_at, location.timezone)) for event in found]


@rota_page
def add_away(request: HttpRequest) -> HttpResponse:
    """A new time off."""
    location = location_or_404(request)
    first = day_or(request.GET.get("date"), today_of(location))
    initial = {"resource": request.GET.get("person", ""), "first_day": first, "last_day": first}
    form = TimeOffForm(request.POST or None, people=who_works_at(location), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            done = add_time_off(
                actor=acting(request, location),
                resource_id=UUID(form.cleaned_data["resource"]),
                details=form.details(),
            )
        except DomainError as error:
            refuse(form, _renamed(error), FIELD_OF.get(error.code))
        else:
            return _after(request, done.time_off, len(done.in_the_way))
    return page(request, "away", title="Add time off", form=form, location=location, back=_list_url(location))


@rota_page
def change_away(request: HttpRequest, time_off_id: UUID) -> HttpResponse:
    """A time off: when, whom it meets; to change."""
    row = own_time_off(request, time_off_id)
    location = row.resource.location
    people = [(str(row.resource_id), row.resource.name)]
    repeat = repeats.repeat_of(row.rrule)
    form = TimeOffForm(request.POST or None, people=people, initial=_initial(row, repeat))
    editable = row.cancelled_at is None and repeat is not None
    if request.method == "POST" and editable and form.is_valid():
        try:
            done = change_time_off(
                actor=acting(request, row),
                time_off_id=row.pk,
                details=form.details(),
                expected_version=form.cleaned_data["seen_version"],
            )
        except StaleVersion:
            row = own_time_off(request, time_off_id)
            form.show_version(version_of(row))
            form.add_error(
                None,
                f"Somebody else changed this meanwhile. It is now {time_off_words(row)}. What you typed is "
                "still below: save again to put it in place of theirs.",
            )
        except DomainError as error:
            refuse(form, _renamed(error), FIELD_OF.get(error.code))
        else:
            return _after(request, done.time_off, len(done.in_the_way))
    may_see_customers = access_of(request).may(Area.RECEPTION, row.organization_id)
    to_move = bookings_to_move(row, with_customers=may_see_customers)
    in_the_way = [(one, local_time(one.starts_at, location.timezone)) for one in to_move]
    return page(
        request,
        "away",
        title=f"Time off of {row.resource.name}",
        form=form if editable else None,
        row=row,
        words=time_off_words(row),
        in_the_way=in_the_way,
        may_open_bookings=may_see_customers,
        location=location,
        back=_list_url(location),
    )


def _initial(row: TimeOff, repeat: repeats.Repeat | None) -> dict[str, Any]:
    start = datetime.combine(row.start_date, row.start_time)
    end = start + timedelta(minutes=row.duration_minutes)
    whole = start.time() == end.time() == time.min
    repeat = repeat or repeats.Repeat()
    return {
        "seen_version": version_of(row),
        "resource": str(row.resource_id),
        "type": row.type,
        "note": row.note,
        "first_day": row.start_date,
        "last_day": (end - timedelta(days=1) if whole else end).date(),
        "all_day": whole,
        "start_time": None if whole else start.time(),
        "end_time": None if whole else end.time(),
        "repeat": repeat.every,
        "every": repeat.interval,
        "days": list(repeat.days),
        "ends": "until" if repeat.until else "times" if repeat.times else "never",
        "until": repeat.until,
        "times": repeat.times,
    }


def _renamed(error: DomainError) -> DomainError:
    """The command's names of fields as the form has them."""
    if "errors" in error.data:
        error.data["errors"] = {FIELD_OF.get(key, key): said for key, said in error.data["errors"].items()}
    return error


def _after(request: HttpRequest, row: TimeOff, in_the_way: int) -> HttpResponse:
    """To its page where bookings have to be moved, else to the list."""
    if in_the_way:
        bookings, them = ("1 booking is", "it") if in_the_way == 1 else (f"{in_the_way} bookings are", "them")
        messages.warning(request, f"Saved. {bookings} in the way: nothing was cancelled, move {them} below.")
        return HttpResponseRedirect(reverse("admin:time_off_change", args=[row.pk]))
    messages.success(request, f"Saved: {row.resource.name} is away {time_off_words(row)}.")
    return HttpResponseRedirect(_list_url(row.resource.location))


def _list_url(location: Location) -> str:
    return f"{reverse('admin:time_off')}?location={location.pk}"


@rota_page
@require_POST
def cancel_away(request: HttpRequest, time_off_id: UUID) -> HttpResponse:
    """They are there after all."""
    row = own_time_off(request, time_off_id)
    try:
        cancel_time_off(actor=acting(request, row), time_off_id=row.pk)
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.success(
            request, f"{row.resource.name}’s time off was cancelled; the time can be booked again."
        )
    return HttpResponseRedirect(_list_url(row.resource.location))


@rota_page
def add_note(request: HttpRequest) -> HttpResponse:
    """A reminder in somebody's calendar."""
    location = location_or_404(request)
    initial = {
        "resource": request.GET.get("person", ""),
        "day": day_or(request.GET.get("date"), today_of(location)),
    }
    form = ReminderForm(request.POST or None, people=who_works_at(location), initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        wall = datetime.combine(cleaned["day"], cleaned["at"])
        try:
            add_reminder(
                actor=acting(request, location),
                resource_id=UUID(cleaned["resource"]) if cleaned["resource"] else None,
                starts_at=boundary(wall, ZoneInfo(location.timezone)),
                note=cleaned["note"],
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "The reminder is in the calendar.")
            return HttpResponseRedirect(_list_url(location))
    return page(
        request, "reminder", title="Add a reminder", form=form, location=location, back=_list_url(location)
    )


@rota_page
@require_POST
def cancel_note(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """A reminder that is done with."""
    location = location_or_404(request, request.POST.get("location"))
    try:
        cancel_reminder(actor=acting(request, location), event_id=event_id)
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, "The reminder is done.")
    return HttpResponseRedirect(_list_url(location))
