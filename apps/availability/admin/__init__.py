"""Locations, team, hours and times in the back office; each page registers itself."""

from apps.availability.admin import hours, locations, slots, team

__all__ = ["hours", "locations", "slots", "team"]
