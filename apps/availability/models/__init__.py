"""Time and occupancy, in tables."""

from apps.availability.models.events import CalendarEvent, EventType, TimeOff, TimeOffType
from apps.availability.models.places import Location, Resource, ResourceKind, SellsFrom
from apps.availability.models.rules import WEEKDAYS, AvailabilityRule, RuleKind
from apps.availability.models.slots import SlotInstance, SlotStatus
from apps.availability.models.versions import SettingsVersion

__all__ = [
    "WEEKDAYS",
    "AvailabilityRule",
    "CalendarEvent",
    "EventType",
    "Location",
    "Resource",
    "ResourceKind",
    "RuleKind",
    "SellsFrom",
    "SettingsVersion",
    "SlotInstance",
    "SlotStatus",
    "TimeOff",
    "TimeOffType",
]
