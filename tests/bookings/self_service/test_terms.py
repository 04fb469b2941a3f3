"""What customers may do by themselves, and until when: pure rules."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.bookings.self_service.errors import (
    CheckInClosed,
    CheckInTooEarly,
    OnlineChangeOff,
    TooLateToCancel,
    TooLateToReschedule,
)
from apps.bookings.self_service.terms import (
    Terms,
    cancel_terms,
    ensure_may_cancel,
    ensure_may_check_in,
    ensure_may_reschedule,
    reschedule_terms,
)
from apps.content.models import BookingService
from apps.organizations.models import OrganizationPolicy

VISIT = datetime(2030, 1, 15, 17, tzinfo=UTC)
END = VISIT + timedelta(hours=1)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
POLICY = OrganizationPolicy(
    online_cancel=True,
    cancel_notice_minutes=1440,
    online_reschedule=False,
    reschedule_notice_minutes=60,
    check_in_opens_minutes=30,
)


class TestTerms:
    def test_a_service_that_says_nothing_follows_the_house(self) -> None:
        assert cancel_terms(POLICY, [BookingService(), None]) == Terms(online=True, notice=DAY)
        assert reschedule_terms(POLICY, []) == Terms(online=False, notice=timedelta(hours=1))

    def test_a_service_says_its_own(self) -> None:
        own = BookingService(online_reschedule=True, reschedule_notice_minutes=0, cancel_notice_minutes=60)

        assert reschedule_terms(POLICY, [own]) == Terms(online=True, notice=timedelta(0))
        assert cancel_terms(POLICY, [own]) == Terms(online=True, notice=timedelta(hours=1))

    def test_of_several_services_the_strictest_counts(self) -> None:
        services = [
            BookingService(cancel_notice_minutes=60),
            BookingService(cancel_notice_minutes=2880),
            BookingService(online_cancel=False),
        ]

        assert cancel_terms(POLICY, services) == Terms(online=False, notice=2 * DAY)


class TestNotice:
    terms = Terms(online=True, notice=DAY)

    def test_the_last_moment_still_counts(self) -> None:
        ensure_may_cancel(self.terms, VISIT, now=VISIT - DAY)
        ensure_may_reschedule(self.terms, VISIT, now=VISIT - DAY)

    def test_after_it_the_refusal_says_until_when_it_was_possible(self) -> None:
        with pytest.raises(TooLateToCancel) as cancelling:
            ensure_may_cancel(self.terms, VISIT, now=VISIT - DAY + MOMENT)
        with pytest.raises(TooLateToReschedule) as moving:
            ensure_may_reschedule(self.terms, VISIT, now=VISIT)

        assert cancelling.value.data == moving.value.data == {"until": "2030-01-14T17:00:00Z"}

    def test_what_has_no_time_yet_can_always_be_called_off(self) -> None:
        ensure_may_cancel(self.terms, None, now=VISIT)

    def test_where_only_the_phone_helps_the_refusal_says_so(self) -> None:
        off = Terms(online=False, notice=timedelta(0))

        with pytest.raises(OnlineChangeOff, match="cancelled online"):
            ensure_may_cancel(off, VISIT, now=VISIT - DAY)
        with pytest.raises(OnlineChangeOff, match="moved online"):
            ensure_may_reschedule(off, VISIT, now=VISIT - DAY)


class TestCheckIn:
    def test_opens_a_while_before_and_stays_open_until_the_end(self) -> None:
        for now in (VISIT - timedelta(minutes=30), VISIT, END - MOMENT):
            ensure_may_check_in(POLICY, starts_at=VISIT, ends_at=END, now=now)

    def test_before_and_after_it_is_closed(self) -> None:
        with pytest.raises(CheckInTooEarly) as early:
            ensure_may_check_in(
                POLICY, starts_at=VISIT, ends_at=END, now=VISIT - timedelta(minutes=30) - MOMENT
            )
        with pytest.raises(CheckInClosed):
            ensure_may_check_in(POLICY, starts_at=VISIT, ends_at=END, now=END)

        assert early.value.data == {"opens_at": "2030-01-15T16:30:00Z"}
