"""Booking sessions as readers see them: one frozen type an outcome, with guards (seed 000 §5.2, §5.3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A visit's time. Both are UTC."""

    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBase:
    """What every session has. Times are UTC."""

    id: UUID
    organization_id: UUID
    flow_version_id: UUID
    current_step_id: UUID | None
    last_activity_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveSession(SessionBase):
    """The visit goes on; what was chosen so far is temporary."""

    service_id: UUID | None
    timeslot: TimeRange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedSession(SessionBase):
    """The visit ended in a booking. The service is null where a bare slot was booked."""

    completed_at: datetime
    booking_id: UUID
    selected_service_id: UUID | None
    selected_timeslot: TimeRange


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonedSession(SessionBase):
    """The visit ended without a booking. The step is null where none was ever entered."""

    abandoned_at: datetime
    drop_off_step_id: UUID | None
    selected_service_id: UUID | None
    selected_timeslot: TimeRange | None


SessionView = ActiveSession | CompletedSession | AbandonedSession


def is_active_session(session: SessionView) -> TypeGuard[ActiveSession]:
    """Whether the visit goes on."""
    return isinstance(session, ActiveSession)


def is_completed_session(session: SessionView) -> TypeGuard[CompletedSession]:
    """Whether the visit ended in a booking."""
    return isinstance(session, CompletedSession)


def is_abandoned_session(session: SessionView) -> TypeGuard[AbandonedSession]:
    """Whether the visit ended without a booking."""
    return isinstance(session, AbandonedSession)
