"""What can stand in the way of a time."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from apps.core.constraints import constraint_means
from apps.core.errors import DomainError


class SlotFull(DomainError):
    """No lane is free over the whole period. `alternatives` are up to three nearby offers.

    Of several visits that were wanted together, `visit` says which one, counted from 0.
    """

    code = "SLOT_FULL"
    status = HTTPStatus.CONFLICT
    default_detail = "Somebody was quicker: this time is taken. Pick another one."

    def __init__(self, *, alternatives: Sequence[dict[str, Any]] = (), visit: int | None = None) -> None:
        which: dict[str, Any] = {} if visit is None else {"visit": visit}
        super().__init__(alternatives=list(alternatives), **which)


class SlotNotBookable(DomainError):
    """The time exists but is not offered: it is past, too soon, too far ahead, or outside working time."""

    code = "SLOT_NOT_BOOKABLE"
    status = HTTPStatus.CONFLICT
    default_detail = "This time can't be booked. Pick another one."


class RuleOverlap(DomainError):
    """Two rules of one scope and kind would speak about the same hours."""

    code = "RULE_OVERLAP"
    status = HTTPStatus.CONFLICT
    default_detail = "These hours overlap with hours that are already there."


class InvalidRecurrence(DomainError):
    """The rule by which a time off repeats can't be read, never happens, or overlaps itself."""

    code = "INVALID_RECURRENCE"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This repetition can't be read."


class TimeOffTwice(DomainError):
    """The resource is away at exactly this time already. `time_off_id` is the one that is there."""

    code = "TIME_OFF_TWICE"
    status = HTTPStatus.CONFLICT
    default_detail = "This time off is there already: the same days and times. Change that one instead."


class CapacityInUse(DomainError):
    """More places are taken at one moment than the resource would have. `starts_at` names the first."""

    code = "CAPACITY_IN_USE"
    status = HTTPStatus.CONFLICT
    default_detail = "More places are booked at the same time than there would be."

    def __init__(self, detail: str | None = None, *, starts_at: str | None = None, in_use: int = 0) -> None:
        super().__init__(detail, starts_at=starts_at, in_use=in_use)


class LocationNameTaken(DomainError):
    """The organization has a location of this name."""

    code = "LOCATION_NAME_TAKEN"
    status = HTTPStatus.CONFLICT
    default_detail = "You have a location of this name. Choose another one."


constraint_means("location_name_is_unique", LocationNameTaken)
