"""/v1/bookings/manage/{token}: a customer reads, cancels, moves and checks in to their visit by its link."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from apps.audit.models import AuditEntry
from apps.availability.lanes import Period
from apps.availability.models import CalendarEvent
from apps.bookings.models import Booking, ServiceSession
from apps.bookings.self_service.links import issue_link, revoke_links
from apps.core.invariants import find_violations
from apps.core.models import IdempotencyRecord, OutboxMessage
from tests.availability.support import denver, minutes, take
from tests.bookings.salon import Salon, a_salon
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Lovelace", "phone": "(303) 555-0142", "email": "ada@example.com"}


class Link:
    """Somebody with a link, and nothing else: no key, no session."""

    def __init__(self, token: str) -> None:
        self.path = f"/v1/bookings/manage/{token}"
        self.client = Client(raise_request_exception=False)
        self._keys = iter(range(1000))

    def get(self, what: str = "", **params: str) -> Any:
        return self.client.get(self.path + what, params)

    def post(self, what: str, body: Any = None, *, key: str | None = None) -> Any:
        return self.client.post(
            self.path + what,
            body if isinstance(body, bytes) else body or {},
            content_type="application/json",
            headers={"Idempotency-Key": key or f"key-{next(self._keys)}"},
        )


@pytest.fixture
def salon() -> Salon:
    salon = a_salon()
    salon.organization.policy.cancel_notice_minutes = 60
    salon.organization.policy.reschedule_notice_minutes = 60
    salon.organization.policy.save()
    return salon


@pytest.fixture
def link(salon: Salon) -> Link:
    """The link of a wash and colour, this Monday at 13:00 in Denver."""
    return book(salon, "Wash", "Colour", hour=13)


def book(salon: Salon, *names: str, **when: Any) -> Link:
    widget = WidgetClient(salon.organization)
    hold = widget.post("/v1/holds", salon.body(*names, **when)).json()
    answer = widget.post("/v1/checkout", {"hold_ids": [hold["id"]], "customer": ADA})
    assert answer.status_code == 201, answer.content
    return Link(answer.json()["bookings"][0]["manage_token"])


def start_of(answer: Any) -> datetime:
    return datetime.fromisoformat(answer.json()["start_at"])


def entries_of(answer: Any) -> list[Any]:
    """The entries of a calendar file."""
    return list(Calendar.from_ical(answer.content).events)


class TestReading:
    def test_says_what_when_by_whom_and_what_can_be_done(self, link: Link, salon: Salon) -> None:
        answer = link.get()
        body = answer.json()

        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert [(line["title"], line["resource"]["name"]) for line in body["lines"]] == [
            ("Wash", "Student"),
            ("Colour", "Karina"),
        ]
        assert body["greeting"] == "Ada"
        assert body["organization"]["name"] == salon.organization.name
        assert body["cancel"] == {
            "possible": True,
            "why_not": "",
            "since": None,
            "until": "2030-01-14T19:00:00Z",
        }
        assert body["reschedule"]["possible"]
        assert (body["check_in"]["possible"], body["check_in"]["why_not"]) == (False, "too_early")
        assert body["order"]["total"] == "145.00"
        assert not body["leave_waitlist"]

    def test_the_phone_number_and_the_family_name_stay_with_the_business(self, link: Link) -> None:
        text = link.get().content.decode()

        assert "Lovelace" not in text
        assert "555" not in text.replace(str(link.path), "").split('"organization"')[0]

    def test_an_unknown_or_revoked_link_leads_nowhere(self, link: Link) -> None:
        booking = Booking.objects.get()
        another = Link(issue_link(booking))
        revoke_links(booking)

        for one in (link, another, Link("mb_" + "a" * 43), Link("nonsense")):
            for what in ("", "/ics", "/month", "/times"):
                assert problem(one.get(what)) == (404, "MANAGE_LINK_INVALID")
            for what in ("/cancel", "/reschedule", "/check-in"):
                assert problem(one.post(what)) == (404, "MANAGE_LINK_INVALID")

    def test_takes_the_same_number_of_queries_whatever_was_booked(self, salon: Salon) -> None:
        counts = []
        for names, hour in ((["Wash"], 9), (["Wash", "Colour"], 13)):
            one = book(salon, *names, hour=hour)
            with CaptureQueriesContext(connection) as queries:
                one.get()
            counts.append(len(queries))

        assert counts[0] == counts[1] <= 12


class TestCalendarFile:
    def test_has_each_part_of_the_visit(self, link: Link) -> None:
        answer = link.get("/ics")
        entries = entries_of(answer)
        events = [(str(one["summary"]).split(" · ")[0], one.decoded("dtstart")) for one in entries]

        assert answer["Content-Type"].startswith("text/calendar")
        assert events == [("Wash", denver(14, 13)), ("Colour", denver(14, 13, 30))]
        assert {str(one["status"]) for one in entries} == {"CONFIRMED"}

    def test_a_later_one_brings_the_same_entries_up_to_date(self, link: Link) -> None:
        before = entries_of(link.get("/ics"))
        link.post("/cancel")
        after = entries_of(link.get("/ics"))

        assert [one["uid"] for one in before] == [one["uid"] for one in after]
        assert all(new["sequence"] > old["sequence"] for old, new in zip(before, after, strict=True))
        assert {str(one["status"]) for one in after} == {"CANCELLED"}


class TestCancelling:
    def test_frees_the_time_and_keeps_the_booking(self, link: Link, salon: Salon) -> None:
        answer = link.post("/cancel", {"reason": "illness"})

        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        booking = Booking.objects.get()
        assert (booking.cancel_reason, booking.cancelled_at is not None) == ("illness", True)
        assert not CalendarEvent.objects.filter(active=True).exists()
        assert ServiceSession.objects.get().status == "cancelled"
        assert AuditEntry.objects.filter(action="bookings.booking.cancelled").count() == 1
        assert list(find_violations()) == []
        book(salon, "Wash", "Colour", hour=13)

    def test_its_order_is_void(self, link: Link) -> None:
        link.post("/cancel")

        assert link.get().json()["order"] is None

    def test_others_hear_of_it(self, link: Link) -> None:
        link.post("/cancel", {"reason": "price"})

        (message,) = OutboxMessage.objects.filter(name="booking.cancelled")
        assert message.payload["reason"] == "price"

    def test_is_possible_until_the_notice_window_begins(
        self, link: Link, set_now: Callable[[datetime], None]
    ) -> None:
        set_now(denver(14, 12) + timedelta(microseconds=1))

        refusal = link.post("/cancel")

        assert problem(refusal) == (409, "TOO_LATE_TO_CANCEL")
        assert refusal.json()["until"] == "2030-01-14T19:00:00Z"
        assert link.get().json()["cancel"]["why_not"] == "too_late"
        set_now(denver(14, 12))
        assert link.post("/cancel").status_code == 200

    def test_a_service_may_ask_for_more_notice_than_the_house(self, salon: Salon) -> None:
        salon.services["Wash"].cancel_notice_minutes = 24 * 60
        salon.services["Wash"].save()
        one = book(salon, "Wash", "Colour", hour=13)

        assert problem(one.post("/cancel")) == (409, "TOO_LATE_TO_CANCEL")

    def test_where_it_is_for_the_phone_only_it_says_so(self, link: Link, salon: Salon) -> None:
        salon.organization.policy.online_cancel = False
        salon.organization.policy.save()

        assert problem(link.post("/cancel")) == (403, "ONLINE_CHANGE_OFF")
        assert link.get().json()["cancel"]["why_not"] == "not_online"

    def test_twice_is_refused_and_a_retry_replays(self, link: Link) -> None:
        first, again = link.post("/cancel", key="same"), link.post("/cancel", key="same")

        assert first.content == again.content
        assert again["Idempotent-Replayed"] == "true"
        assert problem(link.post("/cancel")) == (409, "INVALID_TRANSITION")

    def test_what_is_kept_for_retries_names_nobody(self, link: Link) -> None:
        link.post("/cancel")

        kept = "".join(IdempotencyRecord.objects.values_list("body", flat=True))
        assert "Ada" not in kept
        assert "mb_" not in kept

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"{", "MALFORMED_JSON"),
            ({"reason": "weather"}, "VALIDATION_ERROR"),  # for the business to say
            ({"reason": 7}, "VALIDATION_ERROR"),
            ({"status": "cancelled"}, "VALIDATION_ERROR"),
            ({"expected_version": "new"}, "VALIDATION_ERROR"),
        ],
    )
    def test_nonsense_changes_nothing(self, link: Link, body: Any, code: str) -> None:
        assert problem(link.post("/cancel", body)) == (400, code)
        assert Booking.objects.get().status == "confirmed"

    def test_who_looked_at_an_older_state_is_told(self, link: Link) -> None:
        refusal = link.post("/cancel", {"expected_version": 1})

        assert problem(refusal) == (409, "STALE_VERSION")


class TestMoving:
    def test_to_another_day_with_the_same_people(self, link: Link) -> None:
        answer = link.post("/reschedule", {"start_at": denver(15, 10).isoformat()})

        assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")
        assert start_of(answer) == denver(15, 10)
        assert [
            (line["resource"]["name"], datetime.fromisoformat(line["periods"][0]["start_at"]))
            for line in answer.json()["lines"]
        ] == [("Student", denver(15, 10)), ("Karina", denver(15, 10, 30))]
        assert ServiceSession.objects.get().planned_start == denver(15, 10)
        assert list(find_violations()) == []

    def test_by_half_an_hour_into_its_own_time(self, link: Link) -> None:
        answer = link.post("/reschedule", {"start_at": denver(14, 13, 30).isoformat()})

        assert answer.status_code == 200, answer.content
        assert start_of(answer) == denver(14, 13, 30)
        assert CalendarEvent.objects.filter(active=True).count() == 2
        assert list(find_violations()) == []

    def test_to_a_colleague_where_the_own_people_are_busy(self, salon: Salon) -> None:
        salon.person("Mette", "colour")
        salon.open_doors()
        one = book(salon, "Colour", hour=13, by={0: "Karina"})
        take(salon.people["Karina"], period(15, 10, 90))

        answer = one.post("/reschedule", {"start_at": denver(15, 10).isoformat()})

        assert answer.json()["lines"][0]["resource"]["name"] == "Mette"

    def test_to_somebody_who_is_asked_for(self, salon: Salon) -> None:
        mette = salon.person("Mette", "colour")
        salon.open_doors()
        one = book(salon, "Colour", hour=13, by={0: "Karina"})

        answer = one.post(
            "/reschedule", {"start_at": denver(14, 13).isoformat(), "resource_id": str(mette.id)}
        )

        assert answer.json()["lines"][0]["resource"]["name"] == "Mette"

    def test_to_a_time_that_is_taken_leaves_it_where_it_is(self, link: Link, salon: Salon) -> None:
        take(salon.people["Karina"], period(15, 10, 90))

        refusal = link.post("/reschedule", {"start_at": denver(15, 9, 30).isoformat()})

        assert problem(refusal) == (409, "SLOT_FULL")
        assert start_of(link.get()) == denver(14, 13)
        assert list(find_violations()) == []

    @pytest.mark.parametrize(
        "start",
        [denver(14, 7), denver(14, 13, 10), denver(14, 16), denver(14, 8) + timedelta(days=200)],
        ids=["before opening", "off the grid", "too long for the day", "beyond the horizon"],
    )
    def test_to_where_nothing_can_be_booked_is_refused(self, link: Link, start: datetime) -> None:
        assert problem(link.post("/reschedule", {"start_at": start.isoformat()})) == (
            409,
            "SLOT_NOT_BOOKABLE",
        )
        assert start_of(link.get()) == denver(14, 13)

    def test_keeps_the_length_and_price_that_were_booked(self, link: Link, salon: Salon) -> None:
        colour = salon.services["Colour"]
        colour.duration_minutes, colour.price = 30, 999
        colour.save()

        body = link.post("/reschedule", {"start_at": denver(15, 10).isoformat()}).json()

        assert body["end_at"] == "2030-01-15T19:00:00Z"
        assert body["total_price"] == "145.00"

    def test_obeys_its_own_notice(self, link: Link, set_now: Callable[[datetime], None]) -> None:
        set_now(denver(14, 12, 1))

        refusal = link.post("/reschedule", {"start_at": denver(15, 10).isoformat()})

        assert problem(refusal) == (409, "TOO_LATE_TO_RESCHEDULE")

    def test_others_hear_where_it_was(self, link: Link) -> None:
        link.post("/reschedule", {"start_at": denver(15, 10).isoformat()})

        (message,) = OutboxMessage.objects.filter(name="booking.rescheduled")
        assert datetime.fromisoformat(message.payload["previous_starts_at"]) == denver(14, 13)
        assert datetime.fromisoformat(message.payload["starts_at"]) == denver(15, 10)

    @pytest.mark.parametrize(
        "body",
        [{}, {"start_at": "soon"}, {"start_at": None}, {"start_at": 5}, {"resource_id": "7"}, [1], "x"],
    )
    def test_nonsense_changes_nothing(self, link: Link, body: Any) -> None:
        answer = link.post("/reschedule", json.dumps(body).encode())

        assert problem(answer) == (400, "VALIDATION_ERROR")

    def test_a_stranger_cannot_be_asked_for(self, link: Link) -> None:
        other = a_salon().people["Karina"]
        body = {"start_at": denver(15, 10).isoformat(), "resource_id": str(other.id)}

        assert problem(link.post("/reschedule", body)) == (409, "SLOT_NOT_BOOKABLE")


class TestWhereToMove:
    def test_a_month_counts_the_own_time_as_free(self, link: Link) -> None:
        days = {day["date"]: day["available"] for day in link.get("/month", month="2030-01").json()["days"]}

        assert len(days) == 31
        # A wash and a colour fit from nine to fifteen o'clock: 13 starts, of which one is where it is now.
        assert (days["2030-01-14"], days["2030-01-15"], days["2030-01-19"]) == (12, 13, 0)

    def test_a_day_says_when_and_by_whom(self, link: Link) -> None:
        body = link.get("/times", date="2030-01-14").json()

        assert body["location_timezone"] == "America/Denver"
        assert body["times"][0] == {
            "start_at": "2030-01-14T16:00:00Z",
            "end_at": "2030-01-14T18:00:00Z",
            "people": ["Student", "Karina"],
        }
        starts = [datetime.fromisoformat(one["start_at"]) for one in body["times"]]
        assert denver(14, 13, 30) in starts
        assert denver(14, 13) not in starts

    def test_whatever_is_listed_can_be_moved_to(self, link: Link) -> None:
        for one in link.get("/times", date="2030-01-15").json()["times"]:
            assert link.post("/reschedule", {"start_at": one["start_at"]}).status_code == 200

    @pytest.mark.parametrize("month", ["2030", "2030-13", "january", ""])
    def test_a_month_that_is_none_is_refused(self, link: Link, month: str) -> None:
        assert problem(link.get("/month", month=month)) == (400, "VALIDATION_ERROR")

    def test_what_is_cancelled_has_nowhere_to_go(self, link: Link) -> None:
        link.post("/cancel")

        assert problem(link.post("/reschedule", {"start_at": denver(15, 10).isoformat()})) == (
            409,
            "INVALID_TRANSITION",
        )


class TestCheckingIn:
    def test_opens_an_hour_before(self, link: Link, set_now: Callable[[datetime], None]) -> None:
        refusal = link.post("/check-in")
        assert problem(refusal) == (409, "CHECK_IN_TOO_EARLY")
        assert refusal.json()["opens_at"] == "2030-01-14T19:00:00Z"

        set_now(denver(14, 12))
        assert link.get().json()["check_in"]["possible"]
        assert link.post("/check-in").json()["status"] == "checked_in"
        session = ServiceSession.objects.get()
        assert (session.status, session.checked_in_at) == ("checked_in", denver(14, 12))
        assert problem(link.post("/check-in")) == (409, "INVALID_TRANSITION")

    def test_is_over_with_the_visit(self, link: Link, set_now: Callable[[datetime], None]) -> None:
        set_now(denver(14, 15))

        assert problem(link.post("/check-in")) == (409, "CHECK_IN_CLOSED")


def period(day: int, hour: int, length: int) -> Period:
    """So many minutes from an hour in Denver on."""
    return Period(denver(day, hour), denver(day, hour) + minutes(length))
