"""What the company sells."""

from dataclasses import dataclass
from decimal import Decimal

from apps.content.models import BookingService
from apps.demo.rows import Rows, stable_id
from apps.demo.summit_peak.business import SLUG
from apps.organizations.models import Organization

WAIVED = "Waived if we do the repair"


@dataclass(frozen=True, kw_only=True)
class Service:
    """One visit that customers can book; no price means that the note says it all."""

    key: str
    title: str
    description: str
    icon: str
    minutes: int
    price: str | None
    note: str
    skills: tuple[str, ...]


SERVICES = (
    Service(
        key="drain-clearing",
        title="Drain clearing",
        description="We clear the line and look into it with a camera, so that it stays clear.",
        icon="droplets",
        minutes=60,
        price="129.00",
        note="One drain, camera check included",
        skills=("plumbing",),
    ),
    Service(
        key="leak-repair",
        title="Leak repair",
        description="We find the leak, stop it, and repair what we can reach in one visit.",
        icon="droplets",
        minutes=90,
        price="159.00",
        note="First 90 minutes; parts extra",
        skills=("plumbing",),
    ),
    Service(
        key="toilet-repair",
        title="Toilet repair",
        description="Running, wobbling or not flushing: common parts are on the truck.",
        icon="toilet",
        minutes=60,
        price="119.00",
        note="Common parts included",
        skills=("plumbing",),
    ),
    Service(
        key="water-heater-repair-gas",
        title="Water heater repair (gas)",
        description="A licensed gas technician finds the fault and repairs it, usually on the same visit.",
        icon="flame",
        minutes=90,
        price="149.00",
        note=WAIVED,
        skills=("water-heater", "gas"),
    ),
    Service(
        key="water-heater-repair-electric",
        title="Water heater repair (electric)",
        description="We test elements, thermostat and wiring, and replace what has failed.",
        icon="zap",
        minutes=90,
        price="139.00",
        note=WAIVED,
        skills=("water-heater", "electrical"),
    ),
    Service(
        key="water-heater-check",
        title="Water heater check",
        description="We find out what you have, what is wrong, and what it takes.",
        icon="thermometer",
        minutes=60,
        price="89.00",
        note=WAIVED,
        skills=("water-heater",),
    ),
    Service(
        key="water-heater-replacement",
        title="Water heater replacement estimate",
        description="We measure, look at vents and lines, and leave you a written price the same day.",
        icon="home",
        minutes=45,
        price=None,
        note="Free estimate",
        skills=("water-heater",),
    ),
    Service(
        key="ac-tune-up",
        title="AC tune-up",
        description="Coils cleaned, refrigerant and airflow checked, filter changed.",
        icon="snowflake",
        minutes=75,
        price="99.00",
        note="One outdoor unit, filter included",
        skills=("hvac",),
    ),
    Service(
        key="furnace-no-heat",
        title="Furnace diagnosis: no heat",
        description="We find out why it stays cold, and make it safe and warm again.",
        icon="flame",
        minutes=90,
        price="129.00",
        note=WAIVED,
        skills=("hvac", "gas"),
    ),
    Service(
        key="thermostat",
        title="Thermostat installation",
        description="Fitted, wired, and set up on your phone if it is a smart one.",
        icon="thermometer",
        minutes=60,
        price="149.00",
        note="Device not included",
        skills=("hvac",),
    ),
    Service(
        key="maintenance-visit",
        title="Maintenance plan visit",
        description="The yearly check of your heating and cooling that your plan includes.",
        icon="calendar",
        minutes=60,
        price=None,
        note="Included in your plan",
        skills=("hvac",),
    ),
    Service(
        key="panel-upgrade",
        title="Electrical panel upgrade estimate",
        description="A licensed electrician looks at your panel and load, and plans the upgrade with you.",
        icon="plug",
        minutes=60,
        price=None,
        note="Free estimate",
        skills=("electrical",),
    ),
)


def write_services(rows: Rows, organization: Organization) -> dict[str, BookingService]:
    """The services by their keys."""
    return {
        service.key: rows.keep(
            BookingService.objects.for_organization(organization),
            key={"id": stable_id(SLUG, "service", service.key)},
            organization=organization,
            title=service.title,
            description=service.description,
            icon=service.icon,
            duration_minutes=service.minutes,
            price=Decimal(service.price) if service.price else None,
            currency=organization.currency,
            price_note=service.note,
            required_skills=list(service.skills),
            active=True,
        )
        for service in SERVICES
    }
