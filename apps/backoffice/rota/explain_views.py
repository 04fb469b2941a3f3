"""Why is this time missing? The chain of reasons, as a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from apps.availability.explaining.facts import explain_slot
from apps.availability.explaining.types import Explanation, Reason, ResourceExplanation
from apps.availability.hours.words import listed
from apps.availability.models import Location, Resource, ResourceKind
from apps.backoffice.rota.access import chosen_location, own_locations, page, rota_page
from apps.backoffice.rota.forms import ExplainForm
from apps.backoffice.rota.roster_views import roster_url
from apps.backoffice.rota.week import today_of
from apps.content.models import BookingService
from apps.core.errors import DomainError


@rota_page
def explain_time(request: HttpRequest) -> HttpResponse:
    """Asked by GET, so that an answer can be linked to."""
    locations = own_locations(request)
    location = chosen_location(locations, request.GET.get("location"))
    if location is None:
        return page(request, "explain", title="Why is this time missing?", location=None)
    choices = _choices(location, locations)
    sent = request.GET.copy()
    for name in ("person", "service"):
        if sent.get(name) not in {value for value, _ in choices[name]}:
            sent[name] = ""  # of the location that was chosen before
    sent.setdefault("location", str(location.pk))
    asked = "at" in sent  # also an empty one: the form says what is missing
    initial = {"location": location.pk, "day": today_of(location), **{key: sent[key] for key in sent}}
    form = ExplainForm(sent if asked else None, initial=initial, choices=choices)
    answer: Explanation | None = None
    if asked and form.is_valid():
        cleaned = form.cleaned_data
        try:
            answer = explain_slot(
                organization=location.organization,
                location_id=location.pk,
                resource_id=cleaned["person"] or None,
                service_id=cleaned["service"] or None,
                at=datetime.combine(cleaned["day"], cleaned["at"]),
            )
        except DomainError as error:
            form.add_error(None, error.detail)
    day = form.cleaned_data.get("day") if form.is_bound and form.is_valid() else None
    return page(
        request,
        "explain",
        title="Why is this time missing?",
        form=form,
        answer=answer,
        people=alike(answer.resources) if answer else (),
        location=location,
        roster=roster_url(location, day or today_of(location)),
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """Everybody of whom the very same is true."""

    names: str
    offered: bool
    reasons: Sequence[Reason]


def alike(people: Iterable[ResourceExplanation]) -> list[Alike]:
    """Say a closed day once, not once for each of twenty people. Pure; the order stays."""
    groups: dict[tuple[bool, tuple[str, ...]], list[ResourceExplanation]] = {}
    for one in people:
        groups.setdefault((one.offered, tuple(why.sentence for why in one.reasons)), []).append(one)
    return [
        Alike(listed(one.name for one in group), offered, group[0].reasons)
        for (offered, _), group in groups.items()
    ]


def _choices(location: Location, locations: list[Location]) -> dict[str, list[tuple[str, str]]]:
    people = Resource.objects.for_organization(location.organization_id).filter(location=location)
    services = BookingService.objects.for_organization(location.organization_id).order_by("title")
    return {
        "location": [(str(one.pk), one.name) for one in locations],
        "service": [("", "Any service"), *((str(one.pk), one.title) for one in services)],
        "person": [
            ("", "Anybody"),
            *((str(one.pk), one.name) for one in people.exclude(kind=ResourceKind.POOL).order_by("name")),
        ],
    }
