from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.core.ids import new_id
from apps.core.tokens import SessionClaims, issue_session_token
from apps.flows.models import FlowVersion
from apps.organizations.models import Organization
from apps.sessions.commands.record_events import record_events
from apps.sessions.commands.start_session import start_session
from apps.sessions.context import SessionContext
from apps.sessions.events import AnyEvent, parse_event
from apps.sessions.ledger import Appended
from apps.sessions.models import BookingSession
from tests.factories.flows import whole_flow

Json = dict[str, Any]
SOME_TIME = "2030-01-14T15:00:00Z"


def event_json(event_type: str, *, step_id: UUID | str | None = None, **data: Any) -> Json:
    """An event as the widget sends it; ids in `data` may be UUIDs."""
    return {
        "id": str(new_id()),
        "event_type": event_type,
        "timestamp": SOME_TIME,
        "step_id": str(step_id) if step_id else None,
        "data": {key: str(value) if isinstance(value, UUID) else value for key, value in data.items()},
    }


def step_entered(step_id: UUID, *, step_type: str = "zipcode", direction: str = "forward") -> Json:
    return event_json("step_entered", step_id=step_id, step_type=step_type, direction=direction)


def step_completed(step_id: UUID, *, step_type: str = "zipcode", duration_ms: int = 4000) -> Json:
    return event_json("step_completed", step_id=step_id, step_type=step_type, duration_ms=duration_ms)


def timeslot_selected(start_at: str = "2030-01-15T16:00:00Z", end_at: str = "2030-01-15T17:30:00Z") -> Json:
    return event_json("timeslot_selected", start_at=start_at, end_at=end_at, slot_id=None)


def abandoned(reason: str = "closed") -> Json:
    return event_json("session_abandoned", reason=reason)


@dataclass
class Visit:
    """A started session with the steps of its flow and what its visitor holds."""

    session: BookingSession
    steps: list[UUID]
    version: FlowVersion

    @property
    def claims(self) -> SessionClaims:
        return SessionClaims(session_id=self.session.id, organization_id=self.session.organization_id)

    @property
    def token(self) -> str:
        return issue_session_token(self.claims)

    def record(self, *events: Json) -> Appended:
        """Send a batch, and see the row as it is after it."""
        appended = record_events(claims=self.claims, events=[parsed(event) for event in events])
        self.session.refresh_from_db()
        return appended


def parsed(event: Json) -> AnyEvent:
    return parse_event(event)


def new_visit(organization: Organization | None = None) -> Visit:
    """A visit to a published flow of six steps."""
    return visit_to(whole_flow(organization).publish())


def visit_to(version: FlowVersion) -> Visit:
    started = start_session(
        organization_id=version.organization_id,
        config_id=None,
        flow_version_id=version.id,
        context=SessionContext(),
    )
    steps = [UUID(step["id"]) for step in version.document["steps"]]
    return Visit(session=started.session, steps=steps, version=version)


def abandoned_visit() -> Visit:
    visit = new_visit()
    visit.record(step_entered(visit.steps[0]), abandoned())
    return visit
