"""What can stand in the way of opening the widget, and of saving a rule."""

from http import HTTPStatus
from uuid import UUID

from apps.core.constraints import constraint_means
from apps.core.errors import DomainError


class NoFlow(DomainError):
    """No rule leads this page to a published flow.

    What the widget needs to say so is in the data: the organization, the widget's
    `fallback_phone_number_screen` and its `brand_kit`, each null if there is none.
    """

    code = "NO_FLOW"
    status = HTTPStatus.NOT_FOUND
    default_detail = "Booking online is not possible on this page."


class RoutingConflict(DomainError):
    """Two rules of one priority could fit one page, so nobody could say which of them decides."""

    code = "ROUTING_CONFLICT"
    status = HTTPStatus.CONFLICT
    default_detail = (
        "Another rule of this priority could fit the same page. Give one of them another priority."
    )

    @classmethod
    def between(
        cls, *, priority: int, mine: str, theirs: str, rule_id: UUID, example: str
    ) -> "RoutingConflict":
        """With both rules in words and a page's address, without the site's name, that both fit."""
        return cls(
            f"Rule {priority}, “{theirs}”, fits some of the same pages as “{mine}”: {example}, for one. "
            "Of two rules with one priority nobody could say which decides: give one of them another.",
            rule_id=str(rule_id),
            rule=theirs,
            example=example,
        )


class DefaultTaken(DomainError):
    """A widget has one default."""

    code = "ROUTING_DEFAULT_TAKEN"
    status = HTTPStatus.CONFLICT
    default_detail = "There is a default for this widget already: change that one instead."


constraint_means("router_conditions_once_a_priority", RoutingConflict)
constraint_means("router_one_default_per_widget", DefaultTaken)
