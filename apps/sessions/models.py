"""BookingSession, the snapshot, and BookingSessionEvent, the record (seed 000 §4.4)."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.flows.models import FlowVersion, SchedulerConfig
from apps.organizations.models import Organization
from apps.sessions.querysets import SessionQuerySet
from apps.sessions.state import WINDOW


class SessionStatus(models.TextChoices):
    """How a visit stands."""

    ACTIVE = "active", "Active"
    COMPLETED = "completed", "Completed"
    ABANDONED = "abandoned", "Abandoned"


class EventType(models.TextChoices):
    """The eleven things that can happen in a session."""

    SESSION_STARTED = "session_started", "Session started"
    STEP_ENTERED = "step_entered", "Step entered"
    STEP_COMPLETED = "step_completed", "Step completed"
    FIELD_UPDATED = "field_updated", "Field updated"
    VALIDATION_ERROR = "validation_error", "Validation error"
    QUESTION_ANSWERED = "question_answered", "Question answered"
    SERVICE_SELECTED = "service_selected", "Service selected"
    NAVIGATION_BACK = "navigation_back", "Went back"
    TIMESLOT_SELECTED = "timeslot_selected", "Time selected"
    SESSION_ABANDONED = "session_abandoned", "Session abandoned"
    SESSION_COMPLETED = "session_completed", "Session completed"


class BookingSession(BaseModel):
    """One visit to a booking flow: the fold of its events, kept so that nobody has to replay them.

    Only `apps.sessions.ledger` writes the columns below `last_sequence`. The flow version stays the one
    that the visit began with.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="booking_sessions", db_index=False
    )
    scheduler_config = models.ForeignKey(
        SchedulerConfig, on_delete=models.SET_NULL, null=True, related_name="sessions"
    )
    flow_version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="sessions")
    session_context = models.JSONField(default=dict)

    last_sequence = models.PositiveIntegerField(default=0)
    first_event_id = models.UUIDField(null=True)
    recent_event_ids = ArrayField(models.UUIDField(), default=list)

    current_step_id = models.UUIDField(null=True)
    current_form_data = models.JSONField(default=dict)
    navigation_state = models.JSONField(default=dict)
    service_selection_path = models.JSONField(default=list)
    last_event_id = models.UUIDField(null=True)
    temp_selections = models.JSONField(default=dict)
    last_activity_at = models.DateTimeField()
    step_progression = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict)

    status = models.CharField(max_length=9, choices=SessionStatus.choices, default=SessionStatus.ACTIVE)
    completed_at = models.DateTimeField(null=True)
    booking_id = models.UUIDField(null=True)
    abandoned_at = models.DateTimeField(null=True)
    drop_off_step_id = models.UUIDField(null=True)
    selected_service_id = models.UUIDField(null=True)
    selected_timeslot_start = models.DateTimeField(null=True)
    selected_timeslot_end = models.DateTimeField(null=True)

    objects = SessionQuerySet["BookingSession"].as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "status", "-created_at"], name="session_by_status"),
            models.Index(
                fields=["booking_id"], name="session_by_booking", condition=Q(booking_id__isnull=False)
            ),
            models.Index(fields=["status", "drop_off_step_id"], name="session_by_drop_off"),
            models.Index(fields=["last_activity_at"], name="session_idle", condition=Q(status="active")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=SessionStatus.values), name="session_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="active")
                | Q(
                    completed_at__isnull=True,
                    booking_id__isnull=True,
                    abandoned_at__isnull=True,
                    drop_off_step_id__isnull=True,
                    selected_service_id__isnull=True,
                    selected_timeslot_start__isnull=True,
                ),
                name="session_active_has_no_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(status="completed")
                | Q(
                    completed_at__isnull=False,
                    booking_id__isnull=False,
                    selected_timeslot_start__isnull=False,
                    abandoned_at__isnull=True,
                    drop_off_step_id__isnull=True,
                ),
                name="session_completed_has_its_booking",
            ),
            models.CheckConstraint(
                condition=~Q(status="abandoned")
                | Q(abandoned_at__isnull=False, completed_at__isnull=True, booking_id__isnull=True),
                name="session_abandoned_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(selected_timeslot_start__isnull=True, selected_timeslot_end__isnull=True)
                | Q(
                    selected_timeslot_start__isnull=False,
                    selected_timeslot_end__isnull=False,
                    selected_timeslot_end__gt=F("selected_timeslot_start"),
                ),
                name="session_timeslot_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="active") | Q(temp_selections={}),
                name="session_finished_has_nothing_temporary",
            ),
            models.CheckConstraint(
                condition=Q(recent_event_ids__len__lte=WINDOW), name="session_window_is_bounded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} session of {self.created_at:%Y-%m-%d %H:%M} UTC"

    def set_columns(self, columns: dict[str, Any]) -> None:
        """Take over a snapshot's columns (`snapshots.columns_of`)."""
        for name, value in columns.items():
            setattr(self, name, value)


class BookingSessionEvent(models.Model):
    """One immutable thing that happened. Triggers refuse UPDATE and DELETE (seed 000 §4.4.2).

    The table is partitioned by the session's id, which as a UUIDv7 means by month; so its key begins with
    it. There is no foreign key in the database: retention drops whole months, and every insert runs under
    the lock of the session's row.
    """

    pk = models.CompositePrimaryKey("session_id", "sequence")
    session = models.ForeignKey(
        BookingSession,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="events",
    )
    sequence = models.PositiveIntegerField()
    client_event_id = models.UUIDField()
    organization_id = models.UUIDField()
    event_type = models.CharField(max_length=20, choices=EventType.choices)
    timestamp = models.DateTimeField()
    received_at = models.DateTimeField()
    step_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)

    objects = TenantQuerySet["BookingSessionEvent"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "client_event_id"], name="session_event_once_per_client_id"
            ),
            models.CheckConstraint(
                condition=Q(event_type__in=EventType.values), name="session_event_type_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["session", "timestamp"], name="session_event_by_time"),
            models.Index(fields=["organization_id", "event_type", "timestamp"], name="session_event_by_type"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}. {self.get_event_type_display()}"
