"""Services go off and on, any number at once."""

from collections.abc import Sequence
from uuid import UUID

from apps.audit import log as audit
from apps.content.models import BookingService
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import NotFound


@command("content.switch_services")
def switch_services(*, actor: Actor, service_ids: Sequence[UUID], active: bool) -> list[BookingService]:
    """Let customers book these services, or nobody any more; those that are so already stay as they are.

    Returns those that changed. Raises NotFound, and changes none, if one of them is not the organization's.
    """
    wanted = set(service_ids)
    services = list(
        BookingService.objects.for_organization(actor.organization_id)
        .select_for_update(no_key=True)
        .filter(id__in=wanted)
        .order_by("id")
    )
    if len(services) != len(wanted):
        raise NotFound("One of these services is not there any more.")
    changed = [service for service in services if service.active != active]
    for service in changed:
        service.active = active
        service.save(update_fields=["active", "updated_at"])
        audit.record(
            actor,
            f"content.bookingservice.switched_{'on' if active else 'off'}",
            subject=audit.Subject(type="content.bookingservice", id=service.id),
            old={"active": not active},
            new={"name": service.title, "active": active},
        )
    return changed
