"""Writing the log: the fourth verb of every command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.audit.models import AuditEntry
from apps.core.actors import Actor
from apps.core.context import current_request_id
from apps.core.functions import AppNow
from apps.core.writing import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an action was done to, and what else it concerns."""

    type: str
    id: UUID
    booking_id: UUID | None = None
    location_id: UUID | None = None
    customer_id: UUID | None = None
    resource_ids: Sequence[UUID] = field(default_factory=tuple)


def record(
    actor: Actor,
    action: str,
    *,
    subject: Subject,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    reversible: bool = False,
    at: datetime | None = None,
) -> AuditEntry:
    """Add an entry inside the command's transaction. `at` is UTC and defaults to the database's now."""
    entry = AuditEntry(
        at=at or AppNow(),
        organization_id=actor.organization_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        action=action,
        subject_type=subject.type,
        subject_id=subject.id,
        session_id=actor.session_id,
        booking_id=subject.booking_id,
        location_id=subject.location_id,
        resource_ids=[str(resource_id) for resource_id in subject.resource_ids],
        customer_id=subject.customer_id,
        old=dict(old or {}),
        new=dict(new or {}),
        metadata=dict(metadata or {}),
        reversible=reversible,
        request_id=current_request_id(),
    )
    return insert(entry)
