"""Public holidays as closed days of a location."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

import holidays

from apps.audit import log as audit
from apps.availability.commands.generate_slots import let_slots_follow
from apps.availability.hours.changes import (
    RulesWritten,
    Scope,
    days_to_regenerate,
    event_of,
    find_location,
    lock_scope,
    row_of,
    rules_of,
)
from apps.availability.hours.policies import RuleFields
from apps.availability.models import AvailabilityRule, RuleKind
from apps.availability.offering.offers import rule_value
from apps.availability.slots.generation import GenerationReport
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.core.outbox import publish

MIDNIGHT = time(0, 0)
FIRST_YEAR, LAST_YEAR = 2000, 2099
NOTE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day and its name."""

    day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidaysImported:
    """What was added, and which holidays had an exception of the location already, which was kept."""

    added: Sequence[Holiday]
    kept: Sequence[Holiday]
    report: GenerationReport


@dataclass(frozen=True, slots=True)
class _Written:
    rules: RulesWritten
    added: Sequence[Holiday]
    kept: Sequence[Holiday]


def import_holidays(
    *,
    actor: Actor,
    location_id: UUID,
    country: str,
    years: Collection[int],
    subdivision: str | None = None,
) -> HolidaysImported:
    """Close a location on the public holidays of a country, or of one of its states (REQ-RULE-5).

    `country` is two letters, `subdivision` as in ISO 3166-2 without the country, such as `CO`. Days that are
    over are left out. Idempotent: a day with an exception of the location, of whatever kind, keeps it, so
    what somebody decided about a holiday stays decided. Slots follow after the commit. Raises NotFound,
    InvalidInput.
    """
    language = find_location(actor.organization_id, location_id).organization.locale
    found = public_holidays(country, years=years, subdivision=subdivision, locale=language)
    written = _import(actor=actor, location_id=location_id, found=found)
    return HolidaysImported(added=written.added, kept=written.kept, report=let_slots_follow(written.rules))


def public_holidays(
    country: str, *, years: Collection[int], subdivision: str | None = None, locale: str = "en-US"
) -> list[Holiday]:
    """The holidays in order of their days, named in the locale's language where it is known.

    Raises InvalidInput.
    """
    if not years or not all(FIRST_YEAR <= year <= LAST_YEAR for year in years):
        raise InvalidInput({"years": [f"Years between {FIRST_YEAR} and {LAST_YEAR}."]})
    try:
        known = holidays.country_holidays(country.upper(), subdiv=subdivision or None, years=list(years))
    except NotImplementedError as error:
        field = "subdivision" if country.upper() in holidays.list_supported_countries() else "country"
        raise InvalidInput({field: ["No holidays are known there."]}) from error
    language = _language_of(known, locale)
    if language is not None:
        known = holidays.country_holidays(
            country.upper(), subdiv=subdivision or None, years=list(years), language=language
        )
    return [Holiday(day, name[:NOTE_LENGTH]) for day, name in sorted(known.items())]


def _language_of(known: holidays.HolidayBase, locale: str) -> str | None:
    """The library's name of a locale's language: exactly, else by its first part, else English."""
    languages = [str(language) for language in known.supported_languages]
    wanted = locale.replace("-", "_")
    same = [one for one in languages if one.split("_")[0] == wanted.split("_")[0]]
    english = [one for one in languages if one.startswith("en")]
    choices = [*(one for one in languages if one == wanted), *same, *english]
    return choices[0] if choices else None


@command("availability.import_holidays")
def _import(*, actor: Actor, location_id: UUID, found: Sequence[Holiday]) -> _Written:
    scope = lock_scope(actor.organization_id, location_id, [None])
    today = scope.today()
    coming = [holiday for holiday in found if holiday.day >= today]
    exceptions = [
        rule_value(row)
        for row in rules_of(scope.location)
        if row.resource_id is None and row.rule_kind == RuleKind.EXCEPTION
    ]
    kept = [holiday for holiday in coming if any(rule.holds_on(holiday.day) for rule in exceptions)]
    added = [holiday for holiday in coming if holiday not in kept]
    rows = [row_of(_closed_on(location_id, holiday), actor.organization_id) for holiday in added]
    AvailabilityRule.objects.bulk_create(rows)
    if rows:
        _tell(actor, scope, rows, added)
    written = RulesWritten(
        location=scope.location,
        resource_ids=[None],
        rules=rows,
        days=days_to_regenerate(scope, *(rule_value(row) for row in rows)),
    )
    return _Written(written, added, kept)


def _closed_on(location_id: UUID, holiday: Holiday) -> RuleFields:
    return RuleFields(
        location_id=location_id,
        rule_kind=RuleKind.EXCEPTION,
        start_time=MIDNIGHT,
        end_time=MIDNIGHT,
        valid_from=holiday.day,
        valid_to=holiday.day,
        is_closed=True,
        note=holiday.name,
    )


def _tell(actor: Actor, scope: Scope, rows: Sequence[AvailabilityRule], added: Sequence[Holiday]) -> None:
    audit.record(
        actor,
        "availability.holidays.imported",
        subject=audit.Subject(type="location", id=scope.location.id, location_id=scope.location.id),
        new={"days": {holiday.day.isoformat(): holiday.name for holiday in added}},
    )
    values = [rule_value(row) for row in rows]
    publish(event_of(scope, [row.id for row in rows], values, resource_id=None))
