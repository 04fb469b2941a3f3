"""What an explanation is made from, and what it is made of: values without behaviour (DESIGN §5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.availability.hours.rules import Rule
from apps.availability.lanes import Period
from apps.availability.loading import Taken
from apps.availability.types import BookingWindow, VisitNeed


class Verdict(StrEnum):
    """What a reason means for the time."""

    OK = "ok"
    BLOCKS = "blocks"
    INFO = "info"


class Code(StrEnum):
    """What a reason is about. Stable: the API and the admin show it."""

    ORGANIZATION = "ORGANIZATION"
    LOCATION = "LOCATION"
    SERVICE = "SERVICE"
    CLOCK_CHANGE = "CLOCK_CHANGE"
    KIND = "KIND"
    RESOURCE = "RESOURCE"
    SKILLS = "SKILLS"
    RULE = "RULE"
    WORKING_TIME = "WORKING_TIME"
    GRID = "GRID"
    SLOT = "SLOT"
    NOTICE = "NOTICE"
    HORIZON = "HORIZON"
    DAILY_CAP = "DAILY_CAP"
    VISIT = "VISIT"
    HOLD = "HOLD"
    TIME_OFF = "TIME_OFF"
    BUFFER = "BUFFER"
    CAPACITY = "CAPACITY"
    SLOT_CAPACITY = "SLOT_CAPACITY"
    EXPOSURE = "EXPOSURE"
    OFFERED = "OFFERED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One link of the chain. `data` has the same as the sentence, for programs."""

    code: Code
    verdict: Verdict
    sentence: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotFacts:
    """A slot as it is in the table."""

    id: UUID
    date: date
    period: Period
    capacity: int
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Whether one visitor is shown the time: `selected` of `total` free ones were, in words of `context`."""

    shown: bool
    selected: int
    total: int
    context: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFacts:
    """What is known of one resource around the time. `before` and `after` are the visit's buffers there.

    `rules` are the location's and its own, with their notes; `taken` is what occupies it around the visit,
    and `lapsed` the holds there that are past their time and do not count any more.
    """

    id: UUID
    name: str
    kind: str
    active: bool
    skills: frozenset[str]
    capacity: int
    daily_cap: int | None
    visits_that_day: int
    before: timedelta
    after: timedelta
    rules: Sequence[tuple[Rule, str]]
    slot: SlotFacts | None
    generated_until: date | None
    taken: Sequence[Taken] = ()
    lapsed: Sequence[Taken] = ()
    exposure: Exposure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the question.

    `asked` is the location's wall time, naive; `start` is None where that does not exist. `sells` is the kind
    of resource that customers of the location book.
    """

    organization: str
    organization_active: bool
    location: str
    location_active: bool
    zone: ZoneInfo
    sells: str
    service: str | None
    service_active: bool
    need: VisitNeed
    asked: datetime
    start: datetime | None
    now: datetime
    window: BookingWindow
    resources: Sequence[ResourceFacts]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceExplanation:
    """What one resource says to the time."""

    resource_id: UUID
    name: str
    offered: bool
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The whole answer: what concerns everybody, then each resource. `start_at` is UTC."""

    headline: str
    start_at: datetime | None
    timezone: str
    offered: bool
    reasons: Sequence[Reason]
    resources: Sequence[ResourceExplanation]


def block(code: Code, sentence: str, **data: Any) -> Reason:
    """Something in the way."""
    return Reason(code=code, verdict=Verdict.BLOCKS, sentence=sentence, data=data)


def fine(code: Code, sentence: str, **data: Any) -> Reason:
    """Something that is in order."""
    return Reason(code=code, verdict=Verdict.OK, sentence=sentence, data=data)


def note(code: Code, sentence: str, **data: Any) -> Reason:
    """Something that is good to know."""
    return Reason(code=code, verdict=Verdict.INFO, sentence=sentence, data=data)


def blocks(reasons: Iterable[Reason]) -> bool:
    """Whether any of these is in the way."""
    return any(reason.verdict == Verdict.BLOCKS for reason in reasons)
