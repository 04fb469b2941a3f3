"""The company itself: its branches, its technicians, and when they work."""

from dataclasses import dataclass, field
from datetime import date, time

from apps.availability.models import (
    WEEKDAYS,
    AvailabilityRule,
    Location,
    Resource,
    ResourceKind,
    RuleKind,
    SellsFrom,
)
from apps.demo.rows import Rows, stable_id
from apps.demo.summit_peak.holidays import holidays_of
from apps.organizations.models import Organization, OrganizationPolicy

SLUG = "summit-peak"
NAME = "Summit Peak Home Services"
PHONE = "+13035550142"

MON, TUE, WED, THU, FRI, SAT = range(1, 7)
WORKDAYS = (MON, TUE, WED, THU, FRI)
DAY_NAMES = dict(WEEKDAYS)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Working hours on some days of the week; without times, the days off."""

    days: tuple[int, ...]
    start: time | None = None
    end: time | None = None

    def in_words(self) -> str:
        """As on the company's site: `Mon–Fri 8 am – 5 pm`."""
        first, last = DAY_NAMES[self.days[0]], DAY_NAMES[self.days[-1]]
        days = first if first == last else f"{first}–{last}"
        if self.start is None or self.end is None:
            return f"{days} closed"
        return f"{days} {_clock(self.start)} – {_clock(self.end)}"


@dataclass(frozen=True, kw_only=True)
class Technician:
    """Someone who visits customers. Without hours of their own they work the branch's."""

    key: str
    name: str
    skills: tuple[str, ...]
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A city that the company serves."""

    key: str
    name: str
    timezone: str
    address: str
    phone: str
    zip_codes: tuple[str, ...]
    hours: tuple[Hours, ...]
    technicians: tuple[Technician, ...] = field(default_factory=tuple)


DENVER = Branch(
    key="denver",
    name="Denver",
    timezone="America/Denver",
    address="1840 Blake Street, Denver, CO 80202",
    phone=PHONE,
    zip_codes=(
        *("80202", "80203", "80204", "80205", "80206", "80207"),
        *("80209", "80210", "80211", "80212", "80218", "80220"),
    ),
    hours=(
        Hours(days=WORKDAYS, start=time(8), end=time(17)),
        Hours(days=(SAT,), start=time(9), end=time(13)),
    ),
    technicians=(
        Technician(key="maria", name="Maria Delgado", skills=("plumbing", "water-heater", "gas")),
        Technician(key="tom", name="Tom Becker", skills=("plumbing", "water-heater", "electrical")),
        Technician(key="aisha", name="Aisha Rahman", skills=("hvac", "gas")),
        Technician(
            key="kevin",
            name="Kevin O’Neill",
            skills=("electrical", "hvac"),
            hours=(
                Hours(days=(MON, TUE, WED, THU), start=time(7), end=time(16)),
                Hours(days=(FRI, SAT)),
            ),
        ),
        Technician(key="grace", name="Grace Lindqvist", skills=("plumbing", "water-heater", "gas", "hvac")),
    ),
)
PHOENIX = Branch(
    key="phoenix",
    name="Phoenix",
    timezone="America/Phoenix",
    address="415 East Roosevelt Street, Phoenix, AZ 85004",
    phone="+16025550187",
    zip_codes=(
        *("85003", "85004", "85006", "85007", "85008"),
        *("85012", "85013", "85014", "85015", "85016"),
    ),
    # Attics are bearable early in the day.
    hours=(
        Hours(days=WORKDAYS, start=time(7), end=time(16)),
        Hours(days=(SAT,), start=time(8), end=time(12)),
    ),
    technicians=(
        Technician(key="luis", name="Luis Ortega", skills=("plumbing", "water-heater", "gas")),
        Technician(key="hannah", name="Hannah Cole", skills=("hvac", "gas", "electrical")),
        Technician(
            key="ben",
            name="Ben Nakamura",
            skills=("plumbing", "water-heater", "electrical", "hvac"),
            hours=(
                Hours(days=(TUE, WED, THU, FRI), start=time(9), end=time(18)),
                Hours(days=(SAT,), start=time(8), end=time(12)),
                Hours(days=(MON,)),
            ),
        ),
    ),
)
BRANCHES = (DENVER, PHOENIX)

START_EVERY_MINUTES = 30
MIDNIGHT = time(0)
MIDDAY = 12


def _clock(moment: time) -> str:
    """On the full hour, as people say it: `8 am`, `noon`."""
    if moment.hour == MIDDAY:
        return "noon"
    return f"{moment.hour % 12 or 12} {'am' if moment.hour < MIDDAY else 'pm'}"


def write_organization(rows: Rows) -> Organization:
    """The company and its policy."""
    organization = rows.keep(
        Organization.objects.all(),
        key={"slug": SLUG},
        name=NAME,
        timezone="America/Denver",
        country="US",
        locale="en-US",
        currency="USD",
        phone_number=PHONE,
        active=True,
    )
    rows.keep(
        OrganizationPolicy.objects.filter(organization=organization),
        key={"organization": organization},
        booking_hold_minutes=10,
        cart_hold_minutes=5,
        minimum_notice_minutes=120,
        horizon_days=60,
        buffer_before_minutes=0,
        buffer_after_minutes=15,
    )
    return organization


def write_branches(rows: Rows, organization: Organization) -> dict[str, Location]:
    """The branches by their keys, with people and weekly hours."""
    locations = {}
    for branch in BRANCHES:
        location = rows.keep(
            Location.objects.for_organization(organization),
            key={"id": stable_id(SLUG, branch.key)},
            organization=organization,
            name=branch.name,
            timezone=branch.timezone,
            sells_from=SellsFrom.PEOPLE,
            address=branch.address,
            phone_number=branch.phone,
            active=True,
        )
        locations[branch.key] = location
        _write_hours(rows, location, None, (branch.key,), branch.hours)
        for technician in branch.technicians:
            person = rows.keep(
                Resource.objects.for_organization(organization),
                key={"id": stable_id(SLUG, branch.key, technician.key)},
                organization=organization,
                location=location,
                kind=ResourceKind.PERSON,
                name=technician.name,
                skills=list(technician.skills),
                active=True,
            )
            _write_hours(rows, location, person, (branch.key, technician.key), technician.hours)
    return locations


def _write_hours(
    rows: Rows, location: Location, person: Resource | None, path: tuple[str, ...], hours: tuple[Hours, ...]
) -> None:
    for position, part in enumerate(hours):
        rows.keep(
            AvailabilityRule.objects.for_organization(location.organization_id),
            key={"id": stable_id(SLUG, *path, "hours", str(position))},
            organization_id=location.organization_id,
            location=location,
            resource=person,
            rule_kind=RuleKind.WEEKLY,
            days_of_week=list(part.days),
            start_time=part.start or MIDNIGHT,
            end_time=part.end or MIDNIGHT,
            slot_granularity_minutes=START_EVERY_MINUTES,
            slot_duration_minutes=START_EVERY_MINUTES,
            is_closed=part.start is None,
            note="Day off" if part.start is None else "",
        )


def write_holidays(rows: Rows, organization: Organization, *, today: date) -> None:
    """Close the branches on the public holidays of this year and the next.

    A year that has any is left alone: staff may have decided to work on some of them.
    """
    rules = AvailabilityRule.objects.for_organization(organization)
    closings = rules.filter(rule_kind=RuleKind.EXCEPTION, is_closed=True, resource=None)
    covered = {day.year for day in closings.values_list("valid_from", flat=True) if day}
    for year in {today.year, today.year + 1} - covered:
        for location in Location.objects.for_organization(organization):
            for day, note in holidays_of(year).items():
                rows.keep(
                    rules,
                    key={"id": stable_id(SLUG, str(location.id), "closed", day.isoformat())},
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
