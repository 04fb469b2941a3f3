"""How far a new business has come: read from what there is, never from flags."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from apps.availability.models import AvailabilityRule
from apps.bookings.models import Booking
from apps.flows.models import BookingFlow, FlowStatus, SchedulerConfig
from apps.organizations.models import ApiKey, ApiKeyKind, Organization
from apps.routing.models import BookingFlowRouter
from apps.sessions.models import BookingSession


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `key` names its part of the page."""

    key: str
    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """The five steps; `live` once a page of the business has loaded the widget."""

    steps: tuple[Step, ...]
    live: bool
    has_bookings: bool
    dismissed: bool

    @property
    def done(self) -> int:
        """How many steps are behind."""
        return sum(step.done for step in self.steps)

    @property
    def current(self) -> str:
        """The key of the first step that is not done; empty when all are."""
        return next((step.key for step in self.steps if not step.done), "")

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left but to wait for the site's first visitor."""
        return self.done == len(self.steps)

    @property
    def takes_todays_place(self) -> bool:
        """Whether the day is empty because the business has not begun yet."""
        return not self.is_ready and not self.has_bookings and not self.dismissed


def progress_of(organization: Organization) -> Progress:
    """Where the business stands. One query."""

    def has(model: Any, **conditions: Any) -> Exists:
        return Exists(model.objects.filter(organization=OuterRef("pk"), **conditions))

    website_keys = {"kind": ApiKeyKind.PUBLISHABLE, "revoked_at": None}
    business = (
        Organization.objects.filter(pk=organization.pk)
        .annotate(
            has_flow=has(BookingFlow, status=FlowStatus.PUBLISHED),
            has_rule=has(BookingFlowRouter, active=True),
            has_hours=has(AvailabilityRule),
            has_widget=has(SchedulerConfig, is_default=True),
            has_key=has(ApiKey, **website_keys),
            was_seen=has(ApiKey, **website_keys, first_seen_at__isnull=False),
            has_visits=has(BookingSession),
            has_bookings=has(Booking),
        )
        .get()
    )
    steps = (
        Step("business", "Your business", bool(business.phone_number)),
        Step("template", "What you offer", business.has_flow and business.has_rule),
        Step("hours", "When you work", business.has_hours),
        Step("brand", "Your look", business.has_widget),
        Step("embed", "On your website", business.has_key),
    )
    live = business.was_seen or business.has_visits
    return Progress(steps, live, business.has_bookings, business.start_dismissed_at is not None)
