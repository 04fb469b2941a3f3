"""The business itself, its places, its people, and when they work."""

from datetime import date, time

from apps.availability.models import AvailabilityRule, Location, Resource, ResourceKind, RuleKind, SellsFrom
from apps.demo.machinery.business import Business, Hours
from apps.demo.machinery.rows import Rows, stable_id
from apps.organizations.models import Organization, OrganizationPolicy

MIDNIGHT = time(0)


def write_organization(rows: Rows, business: Business) -> Organization:
    """The business and its policy."""
    organization = rows.keep(
        Organization.objects.all(),
        key={"slug": business.slug},
        name=business.name,
        timezone=business.timezone,
        country=business.country,
        locale=business.locale,
        currency=business.currency,
        phone_number=business.phone,
        active=True,
    )
    rows.keep(
        OrganizationPolicy.objects.filter(organization=organization),
        key={"organization": organization},
        **business.policy,
    )
    return organization


def write_branches(rows: Rows, business: Business, organization: Organization) -> dict[str, Location]:
    """The branches by their keys, with people and weekly hours."""
    locations = {}
    for branch in business.branches:
        location = rows.keep(
            Location.objects.for_organization(organization),
            key={"id": stable_id(business.slug, branch.key)},
            organization=organization,
            name=branch.name,
            timezone=branch.timezone,
            sells_from=SellsFrom.PEOPLE,
            address=branch.address,
            phone_number=branch.phone,
            active=True,
        )
        locations[branch.key] = location
        _write_hours(rows, business, location, path=(branch.key,), hours=branch.hours)
        for member in branch.people:
            person = rows.keep(
                Resource.objects.for_organization(organization),
                key={"id": stable_id(business.slug, branch.key, member.key)},
                organization=organization,
                location=location,
                kind=ResourceKind.PERSON,
                name=member.name,
                skills=list(member.skills),
                active=True,
            )
            path = (branch.key, member.key)
            _write_hours(rows, business, location, person=person, path=path, hours=member.hours)
    return locations


def _write_hours(
    rows: Rows,
    business: Business,
    location: Location,
    *,
    person: Resource | None = None,
    path: tuple[str, ...],
    hours: tuple[Hours, ...],
) -> None:
    for position, part in enumerate(hours):
        rows.keep(
            AvailabilityRule.objects.for_organization(location.organization_id),
            key={"id": stable_id(business.slug, *path, "hours", str(position))},
            organization_id=location.organization_id,
            location=location,
            resource=person,
            rule_kind=RuleKind.WEEKLY,
            days_of_week=list(part.days),
            start_time=part.start or MIDNIGHT,
            end_time=part.end or MIDNIGHT,
            slot_granularity_minutes=business.start_every_minutes,
            slot_duration_minutes=business.start_every_minutes,
            is_closed=part.start is None,
            note="Day off" if part.start is None else "",
        )


def write_holidays(rows: Rows, business: Business, organization: Organization, *, today: date) -> None:
    """Close the branches on the public holidays of this year and the next.

    A year that has any is left alone: staff may have decided to work on some of them.
    """
    rules = AvailabilityRule.objects.for_organization(organization)
    closings = rules.filter(rule_kind=RuleKind.EXCEPTION, is_closed=True, resource=None)
    covered = {day.year for day in closings.values_list("valid_from", flat=True) if day}
    for year in {today.year, today.year + 1} - covered:
        for location in Location.objects.for_organization(organization):
            for day, note in business.holidays(year).items():
                rows.keep(
                    rules,
                    key={"id": stable_id(business.slug, str(location.id), "closed", day.isoformat())},
                    organization=organization,
                    location=location,
                    rule_kind=RuleKind.EXCEPTION,
                    valid_from=day,
                    valid_to=day,
                    start_time=MIDNIGHT,
                    end_time=MIDNIGHT,
                    is_closed=True,
                    note=note,
                )
