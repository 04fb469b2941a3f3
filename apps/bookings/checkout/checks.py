"""What a checkout is given and what comes of it, and its checks (seed 004)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.bookings import policies
from apps.bookings.ending import HeldVisit
from apps.bookings.errors import HoldExpired, HoldNotActive
from apps.bookings.models import Booking, BookingLine, Hold, ManageToken, Order
from apps.bookings.types import BookingDetails, Selection
from apps.core.actors import Actor, ActorKind
from apps.core.errors import InvalidInput, NotFound
from apps.flows.queries import walk_selection

MAX_HOLDS = 20


@dataclass(frozen=True, slots=True)
class CustomPrice:
    """What one line costs this customer: the line by its place in its hold, the first is 0."""

    hold_id: UUID
    line: int
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutWanted:
    """Which holds become bookings, whose, and what was answered to the questions of checkout."""

    hold_ids: tuple[UUID, ...]
    details: BookingDetails
    answers: Mapping[UUID, Any] = field(default_factory=dict)
    custom_prices: Sequence[CustomPrice] = ()


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """A booking for each hold, in the order in which these were given, each with its link."""

    bookings: Sequence[tuple[Booking, ManageToken]]
    order: Order | None


def own_holds(actor: Actor, hold_ids: Sequence[UUID]) -> list[Hold]:
    """These holds, unlocked, in this order: of the actor's session if they are a visitor. Raises NotFound."""
    holds = Hold.objects.for_organization(actor.organization_id).filter(id__in=hold_ids)
    if actor.kind is ActorKind.SESSION:
        holds = holds.filter(session_id=actor.session_id)
    found = {hold.id: hold for hold in holds}
    if found.keys() != set(hold_ids):
        raise NotFound("There is no such hold.")
    return [found[hold_id] for hold_id in hold_ids]


def ensure_usable(visits: Iterable[HeldVisit], *, now: datetime) -> None:
    """All of these locked holds live, and no booking stands on one. The errors name those in `hold_ids`.

    Raises HoldExpired before HoldNotActive.
    """
    expired, used = [], []
    for visit in visits:
        try:
            policies.ensure_hold_usable(status=visit.hold.status, expires_at=visit.hold.expires_at, now=now)
        except HoldExpired:
            expired.append(str(visit.hold.id))
        except HoldNotActive:
            used.append(str(visit.hold.id))
        else:
            if visit.hold.booking_id is not None:
                used.append(str(visit.hold.id))
    if expired:
        raise HoldExpired(hold_ids=expired)
    if used:
        raise HoldNotActive(hold_ids=used)


def set_prices(actor: Actor, visits: Iterable[HeldVisit], prices: Sequence[CustomPrice]) -> None:
    """Note what this customer pays instead of the services' prices.

    Raises StaffOnly for visitors, InvalidInput for a line that is not there.
    """
    if not prices:
        return
    policies.ensure_business_acts(actor.kind)
    lines = {visit.hold.id: visit.lines for visit in visits}
    changed = []
    for position, wanted in enumerate(prices):
        of_hold = lines.get(wanted.hold_id, [])
        if wanted.line >= len(of_hold):
            raise InvalidInput({f"custom_prices[{position}]": ["There is no such line in these holds."]})
        line = of_hold[wanted.line]
        line.custom_price = wanted.price
        changed.append(line)
    BookingLine.objects.for_organization(actor.organization_id).bulk_update(changed, ["custom_price"])


def details_of_each(
    organization_id: UUID, visits: Sequence[HeldVisit], details: BookingDetails
) -> list[BookingDetails]:
    """What was said, for each of several visits: the path through the flow belongs to the one it leads to.

    Where it leads to none of them, the first booking's own check says so.
    """
    selection = details.selection
    if selection is None or len(visits) == 1:
        return [details for _ in visits]
    chosen = _visit_of(organization_id, visits, selection)
    without = replace(details, selection=None)
    return [details if visit is chosen else without for visit in visits]


def _visit_of(organization_id: UUID, visits: Sequence[HeldVisit], selection: Selection) -> HeldVisit:
    service_id = walk_selection(
        flow_version_id=selection.flow_version_id,
        organization_id=organization_id,
        node_ids=selection.node_ids,
    )
    with_it = (visit for visit in visits if any(line.service_id == service_id for line in visit.lines))
    return next(with_it, visits[0])
