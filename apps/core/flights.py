"""Of many who need one thing at the same moment, one makes it, and the others wait for that."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Lock


class Flights:
    """A lock a key, for as long as somebody wants it. Look again under it: the thing may be there by then."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, tuple[Lock, int]] = {}
        self._guard = Lock()

    @contextmanager
    def alone(self, key: Hashable) -> Iterator[None]:
        """Nobody else of this process is inside with this key."""
        with self._guard:
            lock, waiting = self._locks.get(key, (Lock(), 0))
            self._locks[key] = lock, waiting + 1
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, waiting = self._locks[key]
                if waiting == 1:
                    del self._locks[key]
                else:
                    self._locks[key] = lock, waiting - 1
