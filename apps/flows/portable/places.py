"""Locations in a step's settings: by id where a flow lives, by name in its file. Pure: no ORM."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

ID, NAME = "location_id", "location_name"


def without_ids(settings: Any) -> Any:
    """The settings as they stand in a file: wherever a location is named, its name alone."""
    if isinstance(settings, list):
        return [without_ids(item) for item in settings]
    if isinstance(settings, dict):
        dropped = {ID} if settings.get(NAME) else {ID, NAME}
        return {key: without_ids(item) for key, item in settings.items() if key not in dropped}
    return settings


def located(settings: Any, find: Callable[[str], tuple[UUID, str]]) -> Any:
    """The settings of a file with ids again; `find` gives the id and the name here of the one named.

    Raises ValueError where a file has an id, which would mean nothing here.
    """
    if isinstance(settings, list):
        return [located(item, find) for item in settings]
    if not isinstance(settings, dict):
        return settings
    if ID in settings:
        raise ValueError(f"A file names locations by {NAME} and has no {ID}.")
    found = {key: located(item, find) for key, item in settings.items()}
    if isinstance(name := settings.get(NAME), str) and name.strip():
        place_id, found[NAME] = find(name.strip())
        found[ID] = str(place_id)
    return found


def names_in(settings: Iterable[Any]) -> list[str]:
    """The locations that these settings name, each once, in the order in which they come."""
    return list(dict.fromkeys(name for one in settings for name in _names(one)))


def _names(settings: Any) -> Iterator[str]:
    if isinstance(settings, list):
        for item in settings:
            yield from _names(item)
    if isinstance(settings, dict):
        if isinstance(name := settings.get(NAME), str) and name.strip():
            yield name.strip()
        for item in settings.values():
            yield from _names(item)
