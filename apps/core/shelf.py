"""What a process remembers, within bounds."""

import sys
from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Shelf(Generic[K, V]):
    """The least recently used things make room, by their number and by their weight; thread-safe.

    Weight is in whatever unit the caller counts, if it does. One thing that alone weighs too much is kept
    until the next.
    """

    def __init__(self, size: int, *, weight: int | None = None) -> None:
        self._size = size
        self._limit = sys.maxsize if weight is None else weight
        self._things: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """What is there."""
        entry = self._things.get(key)
        if entry is None:
            return None
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
        return entry[0]

    def put(self, key: K, thing: V, *, weight: int = 0) -> V:
        """Keep it; what was not used for longest makes room."""
        with self._lock:
            before = self._things.pop(key, None)
            self._weight += weight - (before[1] if before else 0)
            self._things[key] = thing, weight
            while len(self._things) > self._size or (self._weight > self._limit and len(self._things) > 1):
                _, (_, gone) = self._things.popitem(last=False)
                self._weight -= gone
        return thing

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._things.clear()
            self._weight = 0
