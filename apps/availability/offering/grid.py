"""The starts of several resources as one set, to be counted by day."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from apps.availability.offering.openings import Slots, run_of


class Grid:
    """Every start that somebody has, with its day; a set of them is one integer."""

    def __init__(self, slots: Collection[Slots]) -> None:
        self.slots = slots
        pairs = sorted(set(chain.from_iterable(zip(one.starts, one.days, strict=True) for one in slots)))
        place_of = {pair: place for place, pair in enumerate(pairs)}
        self._runs = {
            one: list(_runs([place_of[pair] for pair in zip(one.starts, one.days, strict=True)]))
            for one in slots
        }
        days: dict[int, int] = {}
        begun = 0
        for place, (_, day) in enumerate(pairs):
            if place + 1 == len(pairs) or pairs[place + 1][1] != day:
                days[day] = days.get(day, 0) | run_of(begun, place + 1)
                begun = place + 1
        self._days = sorted(days.items())

    def union(self, masks: Mapping[Slots, int]) -> int:
        """Sets of slots as one set of starts."""
        whole = 0
        for slots, mask in masks.items():
            for run, shift in self._runs[slots]:
                part = mask & run
                whole |= part << shift if shift >= 0 else part >> -shift
        return whole

    def count_by_day(self, starts: int) -> dict[int, int]:
        """How many of these starts each day has that has one, by day."""
        counts = {day: (starts & mask).bit_count() for day, mask in self._days}
        return {day: count for day, count in counts.items() if count}


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Where slots follow each other in the grid as they do in their own list: which, and how far off."""
    begun = 0
    for own, place in enumerate(places):
        if own + 1 == len(places) or places[own + 1] != place + 1:
            yield run_of(begun, own + 1), place - own
            begun = own + 1
