"""A salon for the tests of visits that need several people; it is Monday, eight in the morning."""

from dataclasses import dataclass, field
from typing import Any

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import Location, Resource
from apps.bookings.types import ServiceWanted, VisitWanted
from apps.content.models import BookingService
from apps.organizations.models import Organization
from tests.availability.support import denver
from tests.factories.availability import LocationFactory, PersonFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory


@dataclass
class Salon:
    """Open on weekdays from nine to five, with a start each half an hour; students wash, masters colour."""

    location: Location
    people: dict[str, Resource] = field(default_factory=dict)
    services: dict[str, BookingService] = field(default_factory=dict)

    @property
    def organization(self) -> Organization:
        return self.location.organization

    def person(self, name: str, *skills: str, **fields: Any) -> Resource:
        """Somebody more; open the doors after the last one."""
        self.people[name] = PersonFactory(location=self.location, name=name, skills=list(skills), **fields)
        return self.people[name]

    def service(self, name: str, minutes: int, *skills: str, **fields: Any) -> BookingService:
        self.services[name] = ServiceFactory(
            organization=self.organization,
            title=name,
            duration_minutes=minutes,
            required_skills=list(skills),
            **{"price": "50.00", **fields},
        )
        return self.services[name]

    def open_doors(self) -> None:
        """Make the slots of everybody."""
        generate_slots(organization=self.organization)

    def visit(self, *names: str, hour: int = 10, minute: int = 0, day: int = 14, **parts: Any) -> VisitWanted:
        """These services from so many o'clock on; `by` names people by the service's place."""
        by = parts.pop("by", {})
        return VisitWanted(
            location_id=self.location.id,
            start_at=denver(day, hour, minute),
            services=tuple(
                ServiceWanted(
                    service_id=self.services[name].id,
                    resource_id=self.people[by[place]].id if place in by else None,
                )
                for place, name in enumerate(names)
            ),
            **parts,
        )

    def body(
        self, *names: str, hour: int = 10, minute: int = 0, day: int = 14, **parts: Any
    ) -> dict[str, Any]:
        """The same as the widget sends it."""
        by = parts.pop("by", {})
        return {
            "location_id": str(self.location.id),
            "start_at": denver(day, hour, minute).isoformat(),
            "services": [
                {"service_id": str(self.services[name].id)}
                | ({"resource_id": str(self.people[by[place]].id)} if place in by else {})
                for place, name in enumerate(names)
            ],
            **parts,
        }


def a_salon(*, students: int = 1, masters: int = 1) -> Salon:
    """With a wash of half an hour and a colour of ninety minutes."""
    location = LocationFactory()
    WeeklyRuleFactory(location=location)
    salon = Salon(location)
    for number in range(students):
        salon.person("Student" if not number else f"Student {number + 1}", "wash")
    for number in range(masters):
        salon.person("Karina" if not number else f"Master {number + 1}", "colour")
    salon.service("Wash", 30, "wash", price="25.00")
    salon.service("Colour", 90, "colour", price="120.00")
    salon.open_doors()
    return salon
