"""What the businesses' own pages show, read from the database so that edits in the admin are seen at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from apps.availability.models import Location, Resource, ResourceKind
from apps.content.models import BookingService
from apps.demo.machinery.access import website_key_id
from apps.demo.machinery.business import Business
from apps.demo.machinery.rows import stable_id
from apps.demo.saks_silke import danish
from apps.organizations.models import ApiKey, Organization

HIGHLIGHTS = (
    "drain-clearing",
    "water-heater-repair-gas",
    "ac-tune-up",
    "furnace-no-heat",
    "leak-repair",
    "panel-upgrade",
)
PLUMBING = (
    "drain-clearing",
    "leak-repair",
    "toilet-repair",
    "water-heater-repair-gas",
    "water-heater-repair-electric",
    "water-heater-replacement",
)
HEATING_AND_COOLING = ("furnace-no-heat", "ac-tune-up", "thermostat", "maintenance-visit")
TRADES = {
    "plumbing": "plumbing",
    "water-heater": "water heaters",
    "gas": "gas",
    "hvac": "heating and cooling",
    "electrical": "electrical",
    "cut": "cut",
    "colour": "colour",
    "wash": "wash",
    "brows": "brows",
}
# The salon's prices, by heading.
SALON_PRICES = {
    "Cut & wash": ("wash", "cut-short", "cut-long"),
    "Colour": ("colour-roots", "colour-full", "balayage"),
    "Brows": ("brows-shape", "brows-tint"),
}
TONES = 4
Language = Literal["en", "da"]


@dataclass(frozen=True, kw_only=True)
class Area:
    """A branch with the zip codes that it serves."""

    key: str
    location: Location
    zip_codes: Sequence[str]
    hours: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Site:
    """Everything that every page needs."""

    business: Business
    organization: Organization
    api_key: str
    areas: Sequence[Area]


def find_site(business: Business, language: Language = "en") -> Site | None:
    """The business's site; None before `manage.py seed_demo`."""
    organization = Organization.objects.filter(slug=business.slug, active=True).first()
    if organization is None:
        return None
    keys = ApiKey.objects.for_organization(organization).filter(revoked_at=None)
    key = keys.filter(id=website_key_id(business)).first()
    if key is None:
        return None
    locations = Location.objects.for_organization(organization).filter(active=True).in_bulk()
    return Site(
        business=business,
        organization=organization,
        api_key=key.publishable_token,
        areas=[
            Area(
                key=branch.key,
                location=locations[location_id],
                zip_codes=branch.zip_codes,
                hours=[part.in_danish() if language == "da" else part.in_words() for part in branch.hours],
            )
            for branch in business.branches
            if (location_id := stable_id(business.slug, branch.key)) in locations
        ],
    )


def services_by_keys(site: Site, keys: Sequence[str]) -> list[BookingService]:
    """These services of the demo in this order, without those that are switched off."""
    wanted = [stable_id(site.business.slug, "service", key) for key in keys]
    found = BookingService.objects.for_organization(site.organization).active().in_bulk(wanted)
    return [found[service_id] for service_id in wanted if service_id in found]


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """A service in the language of the page; its length and price are the service's own."""

    title: str
    description: str
    note: str
    service: BookingService


@dataclass(frozen=True, kw_only=True)
class PriceGroup:
    """Services under one heading."""

    title: str
    lines: Sequence[PriceLine]


def salon_prices(site: Site, language: Language) -> list[PriceGroup]:
    """The salon's services under their headings, in one query."""
    keys = [key for group in SALON_PRICES.values() for key in group]
    found = {service.id: service for service in services_by_keys(site, keys)}
    groups = [
        PriceGroup(
            title=danish.HEADINGS[title] if language == "da" else title,
            lines=[
                _price_line(key, found[service_id], language)
                for key in group
                if (service_id := stable_id(site.business.slug, "service", key)) in found
            ],
        )
        for title, group in SALON_PRICES.items()
    ]
    return [group for group in groups if group.lines]


def _price_line(key: str, service: BookingService, language: Language) -> PriceLine:
    texts = danish.SERVICES[key] if language == "da" else None
    return PriceLine(
        title=texts.title if texts else service.title,
        description=texts.description if texts else service.description,
        note=texts.note if texts else service.price_note,
        service=service,
    )


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody of the team as the pages show them; `tone` is one of a few colours."""

    name: str
    initials: str
    trades: str
    tone: int


@dataclass(frozen=True, kw_only=True)
class Team:
    """Who works at a branch."""

    name: str
    people: Sequence[Colleague]


def teams(site: Site, language: Language = "en") -> list[Team]:
    """Who works where, by name."""
    people = list(
        Resource.objects.for_organization(site.organization)
        .filter(kind=ResourceKind.PERSON, active=True)
        .order_by("name", "id")
    )
    return [
        Team(
            name=area.location.name,
            people=[
                _colleague(person, position, TRADES if language == "en" else danish.TRADES)
                for position, person in enumerate(
                    person for person in people if person.location_id == area.location.id
                )
            ],
        )
        for area in site.areas
    ]


def _colleague(person: Resource, position: int, names: Mapping[str, str]) -> Colleague:
    trades = ", ".join(names.get(skill, skill) for skill in person.skills)
    return Colleague(
        name=person.name,
        initials="".join(part[0] for part in person.name.split()[:2]),
        trades=trades[:1].upper() + trades[1:],
        tone=position % TONES,
    )
