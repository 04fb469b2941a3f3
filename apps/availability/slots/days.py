"""Which days of a location have slots to look after."""

from collections.abc import Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max

from apps.availability.models import Location, Resource, SlotInstance
from apps.core.clock import app_now

# Working time that began yesterday may still have starts today; and where a location moves to another zone,
# today may come up to a day later than what its slots still call today.
DAYS_BACK = 2


def today_at(location: Location) -> date:
    """The location's date, by the database's clock."""
    return app_now().astimezone(ZoneInfo(location.timezone)).date()


def to_the_horizon(location: Location, *, today: date) -> tuple[date, date]:
    """The first and the last day, both included, on which the organization sells times.

    It wants the location with its organization's policy.
    """
    horizon = location.organization.policy.horizon_days
    return today - timedelta(days=DAYS_BACK), today + timedelta(days=horizon)


def with_slots(
    location: Location, *, today: date, resources: Collection[Resource] | None = None
) -> tuple[date, date]:
    """The same, or as far as slots of the location (or of these resources) have been made by hand."""
    first, horizon = to_the_horizon(location, today=today)
    slots = SlotInstance.objects.for_organization(location.organization_id)
    of_those = slots.filter(location=location) if resources is None else slots.filter(resource__in=resources)
    furthest = of_those.aggregate(last=Max("date"))["last"]
    return first, max(horizon, furthest or horizon)
