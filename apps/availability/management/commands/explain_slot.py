from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model, Q, QuerySet

from apps.availability.explaining.facts import explain_slot
from apps.availability.explaining.types import Explanation, Reason, Verdict
from apps.availability.models import Location, Resource
from apps.availability.offering.exposure import Draw, draw_of
from apps.content.models import BookingService
from apps.core.errors import NotFound
from apps.organizations.models import Organization

SIGNS = {Verdict.OK: "✓", Verdict.BLOCKS: "✗", Verdict.INFO: "·"}


class Command(BaseCommand):
    """Answers "why is this time missing?" on the command line."""

    help = (
        "Explain why a time is or is not offered: rules, notice, events, buffers, capacity, for each person."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Things are named by id, or by name where only one has it."""
        parser.add_argument("--organization", required=True, help="its slug, name or id")
        parser.add_argument("--location", help="its name or id; not needed where a person is named")
        parser.add_argument("--service", help="its title or id; without one, the slots as they are")
        parser.add_argument("--person", help="only this person, by name or id")
        parser.add_argument("--party", type=int, default=1, help="how many customers")
        parser.add_argument(
            "--at",
            required=True,
            type=_moment,
            help="2026-12-01T09:00 by the location's clock, or with an offset: 2026-12-01T16:00+00:00",
        )

        parser.add_argument(
            "--exposure", type=_draw, help="an exposure id: would that visitor have been shown the time?"
        )
        parser.add_argument("--session", help="a session's id: is it shown the time in this hour?")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's signature)
        """Explain, one line a reason: ✓ in order, ✗ in the way, · good to know."""
        organization = _one(
            Organization.objects.select_related("policy"),
            options["organization"],
            "organization",
            "slug",
            "name",
        )
        locations = Location.objects.for_organization(organization)
        location = options["location"] and _one(locations, options["location"], "location", "name")
        people = Resource.objects.for_organization(organization)
        if location:
            people = people.filter(location=location)
        person = options["person"] and _one(people, options["person"], "person", "name")
        services = BookingService.objects.for_organization(organization)
        service = options["service"] and _one(services, options["service"], "service", "title")
        try:
            explanation = explain_slot(
                organization=organization,
                location_id=location.id if location else None,
                resource_id=person.id if person else None,
                service_id=service.id if service else None,
                at=options["at"],
                party=options["party"],
                draw=options["exposure"],
                visitor=options["session"],
            )
        except NotFound as error:
            raise CommandError(error.detail) from error
        self.stdout.write("\n".join(_lines(explanation)))


def _lines(explanation: Explanation) -> Iterable[str]:
    yield explanation.headline
    yield from _indented(explanation.reasons)
    for one in explanation.resources:
        yield f"{one.name}: {'offered' if one.offered else 'not offered'}"
        yield from _indented(one.reasons)


def _indented(reasons: Iterable[Reason]) -> Iterable[str]:
    return (f"  {SIGNS[reason.verdict]} {reason.code:<13} {reason.sentence}" for reason in reasons)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("Write it as in 2026-12-01T09:00.") from error


def _draw(text: str) -> Draw:
    try:
        return draw_of(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _one(rows: QuerySet[Any], wanted: str, what: str, *fields: str) -> Any:
    """The one row with this id or name. Raises CommandError, and says which there are."""
    by_name = Q()
    for field in fields:
        by_name |= Q(**{field: wanted})
    try:
        found: list[Model] = list(rows.filter(Q(id=UUID(wanted)) | by_name))
    except ValueError:
        found = list(rows.filter(by_name))
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(str(one.pk) for one in found)
        raise CommandError(f"Several are called “{wanted}”. Give an id: {ids}.")
    there = ", ".join(str(one) for one in rows.order_by(fields[-1])[:20])
    raise CommandError(f"There is no {what} “{wanted}”. There is: {there or 'none'}.")
