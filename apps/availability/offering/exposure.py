"""Which of the free times a visitor is shown: the deterministic draw of seed 003, as a function of values.

The seed of a draw is the SHA-256 of who asks, the date, the resource or "all", the UTC hour and the variant.
Each free time gets the SHA-256 of the seed and its own name, and the order of these is the shuffle. So it
depends on no library's generator, on no process and on no hash seed; and when a time fills up, the order of
the others stays. docs/exposure.md says how to reproduce a set that was shown.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

ALL = "all"
FORMAT = 1


class DayPart(StrEnum):
    """Of the location's day (seed 003); what lies outside is `other`."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    OTHER = "other"


# From each of these hours on, up to the next one; in this order a draw looks after the day's parts.
DAY_PARTS = [(6, 12, DayPart.MORNING), (12, 17, DayPart.AFTERNOON), (17, 22, DayPart.EVENING)]


@dataclass(frozen=True, slots=True)
class Variant:
    """A rule of exposure: how few and how many are shown. `None` shows everything."""

    name: str
    person: tuple[int, int] | None
    location: tuple[int, int] | None


CONTROL = Variant("control", person=(1, 3), location=(3, 5))
VARIANTS: Mapping[str, Variant] = {
    variant.name: variant for variant in (CONTROL, Variant("show_all", person=None, location=None))
}


def variant_of(name: str | None) -> Variant:
    """The registered variant of this name; an unknown name gets `control`; the answer says which."""
    return VARIANTS.get(name or "", CONTROL)


@dataclass(frozen=True)
class Draw:
    """Everything that decides a draw, apart from what is free.

    `visitor` is a session's id or a keyed digest of an address, `day` the location's date, `scope` a
    resource's id or "all", `hour` the UTC hour in which it was drawn (`2030-01-14T15`).
    """

    visitor: str
    day: date
    scope: str
    hour: str
    variant: str = CONTROL.name

    @cached_property
    def seed(self) -> bytes:
        """The SHA-256 of the parts. As JSON: no part can run into its neighbour."""
        return hashlib.sha256(self._parts().encode()).digest()

    @cached_property
    def id(self) -> str:
        """The exposure id: it names the draw, and `draw_of` reads it back."""
        return base64.urlsafe_b64encode(self._parts().encode()).decode().rstrip("=")

    def _parts(self) -> str:
        parts = [FORMAT, self.visitor, self.day.isoformat(), self.scope, self.hour, self.variant]
        return json.dumps(parts, separators=(",", ":"))


def draw_of(exposure_id: str) -> Draw:
    """The draw that an exposure id names. Raises ValueError for anything else."""
    try:
        padded = exposure_id + "=" * (-len(exposure_id) % 4)
        parts = json.loads(base64.urlsafe_b64decode(padded.encode()))
        version, visitor, day, scope, hour, variant = parts
        draw = Draw(visitor, date.fromisoformat(day), scope, hour, variant)
    except (binascii.Error, UnicodeError, ValueError, TypeError) as error:
        raise ValueError("That is not an exposure id.") from error
    if version != FORMAT:
        raise ValueError("That exposure id is of another version.")
    return draw


def hour_of(moment: datetime) -> str:
    """The context window of a moment: its hour in UTC. A new hour shuffles anew, so nothing starves."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A free time. `name` is stable and unique among them; `part` is of the location's day."""

    name: str
    part: DayPart


def name_of_start(start: datetime) -> str:
    """How a start is named in draws, and on the wire: ISO 8601 in UTC with a Z."""
    return start.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def name_of_slot(start: datetime, resource_id: UUID) -> str:
    """How one resource's start is named in draws."""
    return f"{name_of_start(start)}@{resource_id.hex}"


@dataclass(frozen=True, slots=True)
class Exposed:
    """The shown times' names in the order of drawing, and how many are free in all."""

    names: tuple[str, ...]
    total: int

    @property
    def has_more(self) -> bool:
        """Whether there are free times that are not shown."""
        return self.total > len(self.names)


def whole(shown: Sequence[str], draw: Draw, *, available: int) -> bool:
    """Whether as many are shown as the draw shows of so many free times."""
    bounds = _bounds(draw)
    return len(shown) == (available if bounds is None else size_of(draw.seed, bounds, available))


def _bounds(draw: Draw) -> tuple[int, int] | None:
    variant = variant_of(draw.variant)
    return variant.location if draw.scope == ALL else variant.person


def expose(candidates: Sequence[Candidate], draw: Draw, *, kept: Sequence[str] = ()) -> Exposed:
    """Draw from what is free. `kept` was shown a moment ago: what of it is still free stays, and comes first.

    The same arguments give the same answer anywhere, whatever the order of the candidates.
    """
    bounds, seed = _bounds(draw), draw.seed
    count = len(candidates) if bounds is None else size_of(seed, bounds, len(candidates))
    free = {candidate.name: candidate for candidate in candidates}
    picked = [name for name in dict.fromkeys(kept) if name in free][:count]
    if len(picked) < count:
        shuffled = sorted(candidates, key=lambda candidate: rank(seed, candidate.name))
        _look_after_day_parts(picked, shuffled, free, count)
        rest = (candidate.name for candidate in shuffled if candidate.name not in picked)
        picked.extend(name for name, _ in zip(rest, range(count - len(picked)), strict=False))
    return Exposed(tuple(picked), len(candidates))


def _look_after_day_parts(
    picked: list[str], shuffled: Sequence[Candidate], free: Mapping[str, Candidate], count: int
) -> None:
    """One time of each part of the day that has any, in the day's order, as long as there is room."""
    shown = {free[name].part for name in picked}
    for _, _, part in DAY_PARTS:
        first = next((candidate for candidate in shuffled if candidate.part == part), None)
        if first is not None and part not in shown and len(picked) < count:
            picked.append(first.name)


def size_of(seed: bytes, bounds: tuple[int, int], available: int) -> int:
    """How many to show: between the bounds, both included, and no more than there are."""
    fewest, most = bounds
    most = min(most, available)
    if most <= fewest:
        return most
    # Eight bytes over at most five values: the bias is below 10⁻¹⁸.
    return fewest + int.from_bytes(seed[:8], "big") % (most - fewest + 1)


def rank(seed: bytes, name: str) -> bytes:
    """A candidate's place in the shuffle of this seed."""
    return hashlib.sha256(seed + name.encode()).digest()


def day_part_of(local_hour: int) -> DayPart:
    """The part of the location's day to which an hour belongs."""
    for begins, ends, part in DAY_PARTS:
        if begins <= local_hour < ends:
            return part
    return DayPart.OTHER
