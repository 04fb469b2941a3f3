"""Ending lapsed holds, for commands of availability: the holds are a higher layer's, which says here how.

A hold past its time occupies nothing, but its event stays until somebody who has locked the resource ends it
with its hold. Claims and the sweep do that by themselves (docs/locking.md).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from apps.availability.models import Resource


class Ender(Protocol):
    """Ends the lapsed holds of these locked resources; returns how many."""

    def __call__(self, resources: Iterable[Resource], *, now: datetime) -> int: ...


_enders: list[Ender] = []


def are_ended_by(ender: Ender) -> None:
    """Name who ends lapsed holds. Called once, when the app that owns them is ready."""
    _enders.append(ender)


def end_lapsed_holds(resources: Iterable[Resource], *, now: datetime) -> None:
    """Free the time that lapsed holds still have on these locked resources, in this transaction."""
    locked = list(resources)
    for end in _enders:
        end(locked, now=now)
