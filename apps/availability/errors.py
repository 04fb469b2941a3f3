"""What can stand in the way of a time."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from apps.core.constraints import constraint_means
from apps.core.errors import DomainError


class SlotFull(DomainError):
    """No lane is free over the whole period. `alternatives` are up to three nearby offers."""

    code = "SLOT_FULL"
    status = HTTPStatus.CONFLICT
    default_detail = "Somebody was quicker: this time is taken. Pick another one."

    def __init__(self, *, alternatives: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(alternatives=list(alternatives))


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


class LocationNameTaken(DomainError):
    """The organization has a location of this name."""

    code = "LOCATION_NAME_TAKEN"
    status = HTTPStatus.CONFLICT
    default_detail = "You have a location of this name. Choose another one."


constraint_means("location_name_is_unique", LocationNameTaken)
