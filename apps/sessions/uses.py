"""Which visits, still under way, began with an older version of a flow that offers a service."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Count, F

from apps.content.models import BookingService
from apps.content.uses import Use, uses_are_found_by
from apps.sessions.models import BookingSession, SessionStatus


def _visits(organization_id: UUID, ids: Sequence[UUID]) -> Iterator[tuple[UUID, Use]]:
    wanted = {str(service_id): service_id for service_id in ids}
    versions = (
        BookingSession.objects.for_organization(organization_id)
        .filter(status=SessionStatus.ACTIVE, flow_version__document__services__has_any_keys=list(wanted))
        # Whoever sees the live version is counted with it.
        .exclude(flow_version=F("flow_version__flow__published_version"))
        .order_by()
        .values("flow_version_id")
        .annotate(visits=Count("id"))
        .values_list(
            "visits", "flow_version__number", "flow_version__flow__title", "flow_version__document__services"
        )
    )
    for visits, number, flow, services in versions:
        people = "1 visitor is" if visits == 1 else f"{visits} visitors are"
        for name in sorted(wanted.keys() & services.keys()):
            yield wanted[name], Use("Flow", flow, note=f"{people} booking by its version {number} right now")


def register_uses() -> None:
    """Tell the content below who is about to book it."""
    uses_are_found_by(BookingService, _visits)
