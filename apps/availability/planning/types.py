"""What the planner is asked, and what it answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from apps.availability.planning.free_time import NOTHING, Segment, Wanted

MAX_LINES = 8


class Mode(StrEnum):
    """How the lines of a visit follow each other."""

    CHAIN = "chain"
    PARALLEL = "parallel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """A whole visit: its segments in the order of the lines.

    `wait` is the customer's idle time between segments. `fragmentation` is the sum, over the blocks that
    the visit takes of each calendar, of the smaller of the two free pieces that are left around a block.
    """

    segments: tuple[Segment, ...]
    wait: timedelta
    fragmentation: timedelta

    @property
    def start(self) -> datetime:
        """When the customer comes."""
        return min(segment.visit.start for segment in self.segments)

    @property
    def end(self) -> datetime:
        """When the last of it is over."""
        return max(segment.visit.end for segment in self.segments)

    @property
    def rank(self) -> tuple[timedelta, timedelta, tuple[tuple[datetime, UUID], ...]]:
        """Smaller is better."""
        return self.wait, self.fragmentation, tuple(segment.mark for segment in self.segments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted: lines in their order, how they follow each other, and whether one person does all.

    In a chain the first line begins on a start of its worker's grid; each other one the moment the previous
    ends, or, where `max_gap` allows it, at a start of its own worker's grid up to that much later. Whoever
    follows themselves first cleans up and gets ready, which does not count as gap. In parallel all begin
    together, each on its worker's grid.
    """

    lines: tuple[Wanted, ...]
    mode: Mode = Mode.CHAIN
    max_gap: timedelta = NOTHING
    same_person: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.lines) <= MAX_LINES:
            raise ValueError(f"A visit has 1 to {MAX_LINES} lines.")
