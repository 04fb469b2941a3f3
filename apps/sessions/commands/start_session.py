"""A visitor opens the widget."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.core.ids import new_id
from apps.core.tokens import SessionClaims, issue_session_token
from apps.flows.models import FlowVersion, SchedulerConfig
from apps.sessions.context import SessionContext
from apps.sessions.models import BookingSession
from apps.sessions.snapshots import columns_of
from apps.sessions.state import initial_state


@dataclass(frozen=True, slots=True)
class StartedSession:
    """A new session, the token that its visitor holds, and until when (UTC) that is good."""

    session: BookingSession
    token: str
    expires_at: datetime


@command("sessions.start")
def start_session(
    *, organization_id: UUID, config_id: UUID | None, flow_version_id: UUID, context: SessionContext
) -> StartedSession:
    """Begin a session on the flow version that the visitor was shown; it stays with that version.

    There is no actor yet: the visitor becomes one by the token. Raises InvalidInput for a config or a
    version that is not this organization's.
    """
    steps = _step_ids(organization_id, flow_version_id)
    config = _config(organization_id, config_id)
    now = app_now()
    session = BookingSession(
        id=new_id(),
        organization_id=organization_id,
        scheduler_config=config,
        flow_version_id=flow_version_id,
        session_context=context.model_dump(mode="json"),
    )
    session.set_columns(columns_of(initial_state(started_at=now, step_ids=steps)))
    session.save(force_insert=True)
    return StartedSession(
        session=session,
        token=issue_session_token(SessionClaims(session_id=session.id, organization_id=organization_id)),
        expires_at=now + timedelta(hours=settings.SESSION_TOKEN_HOURS),
    )


def _step_ids(organization_id: UUID, flow_version_id: UUID) -> list[UUID]:
    # Only the ids leave the database: a version's document with its graph may be large.
    found = (
        FlowVersion.objects.for_organization(organization_id)
        .filter(id=flow_version_id)
        .values_list("document__steps", flat=True)
        .first()
    )
    if found is None:
        raise InvalidInput({"flow_version_id": ["There is no such version of a flow here."]})
    return [UUID(step["id"]) for step in found]


def _config(organization_id: UUID, config_id: UUID | None) -> SchedulerConfig | None:
    if config_id is None:
        return None
    config = SchedulerConfig.objects.for_organization(organization_id).filter(id=config_id).first()
    if config is None:
        raise InvalidInput({"config_id": ["There is no such scheduler here."]})
    return config
