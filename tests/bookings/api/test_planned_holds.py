"""POST /v1/holds of visits that the planner makes, and of several visits together."""

from datetime import datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.models import AvailabilityRule, CalendarEvent
from apps.bookings.models import BookingLine, Hold
from apps.core.invariants import find_violations
from tests.availability.support import at, denver, minutes, take
from tests.bookings.salon import Salon, a_salon
from tests.factories.availability import LocationFactory, PoolFactory, SlotFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def salon() -> Salon:
    return a_salon()


@pytest.fixture
def widget(salon: Salon) -> WidgetClient:
    return WidgetClient(salon.organization)


def lines_of(body: dict[str, Any]) -> list[tuple[str, str, datetime, datetime]]:
    """(title, who, from, to) of each piece of each line."""
    return [
        (
            line["title"],
            line["resource"]["name"],
            datetime.fromisoformat(period["start_at"]),
            datetime.fromisoformat(period["end_at"]),
        )
        for line in body["lines"]
        for period in line["periods"]
    ]


class TestOneVisitOfSeveralServices:
    def test_the_student_washes_and_the_master_colours(self, widget: WidgetClient, salon: Salon) -> None:
        body = widget.post("/v1/holds", salon.body("Wash", "Colour", hour=13)).json()

        assert lines_of(body) == [
            ("Wash", "Student", denver(14, 13), denver(14, 13, 30)),
            ("Colour", "Karina", denver(14, 13, 30), denver(14, 15)),
        ]
        assert (body["start_at"], body["end_at"]) == ("2030-01-14T20:00:00Z", "2030-01-14T22:00:00Z")
        assert [line["price"] for line in body["lines"]] == ["25.00", "120.00"]
        assert list(find_violations()) == []

    def test_a_later_line_may_begin_off_the_grid(self, widget: WidgetClient, salon: Salon) -> None:
        salon.service("Fringe", 20, "wash")

        body = widget.post("/v1/holds", salon.body("Fringe", "Colour", hour=13)).json()

        assert lines_of(body)[1] == ("Colour", "Karina", denver(14, 13, 20), denver(14, 14, 50))
        karina = CalendarEvent.objects.get(resource=salon.people["Karina"])
        assert (karina.starts_at, karina.slot_id) == (denver(14, 13, 20), None)

    def test_each_segment_is_an_event_of_its_line(self, widget: WidgetClient, salon: Salon) -> None:
        hold_id = widget.post("/v1/holds", salon.body("Wash", "Colour")).json()["id"]

        events = CalendarEvent.objects.filter(hold_id=hold_id, active=True).order_by("starts_at")
        assert [event.line.title for event in events if event.line] == ["Wash", "Colour"]
        assert {event.expires_at for event in events} == {Hold.objects.get().expires_at}

    def test_by_named_people(self, widget: WidgetClient) -> None:
        salon = a_salon(masters=2)
        widget = WidgetClient(salon.organization)

        for name in ("Karina", "Master 2"):
            body = widget.post("/v1/holds", salon.body("Wash", "Colour", hour=10, by={1: name}))
            assert lines_of(body.json())[1][1] == name
            widget.post(f"/v1/holds/{body.json()['id']}/release")

    def test_all_at_once(self, widget: WidgetClient, salon: Salon) -> None:
        body = widget.post("/v1/holds", salon.body("Wash", "Colour", mode="parallel")).json()

        assert [line[2] for line in lines_of(body)] == [denver(14, 10), denver(14, 10)]

    def test_one_person_for_everything(self, widget: WidgetClient, salon: Salon) -> None:
        salon.person("Nanna", "wash", "colour")
        salon.open_doors()

        body = widget.post("/v1/holds", salon.body("Wash", "Colour", same_person=True)).json()

        assert {line[1] for line in lines_of(body)} == {"Nanna"}

    def test_with_a_wait_no_longer_than_asked(self, widget: WidgetClient, salon: Salon) -> None:
        take(salon.people["Karina"], at(0, 60))  # from ten to eleven

        full = widget.post("/v1/holds", salon.body("Wash", "Colour"))
        body = widget.post("/v1/holds", salon.body("Wash", "Colour", max_gap_minutes=30)).json()

        assert problem(full) == (409, "SLOT_FULL")
        assert lines_of(body)[1][2] == denver(14, 11)

    def test_a_service_over_two_days(self, widget: WidgetClient, salon: Salon) -> None:
        salon.service("Extensions", 180, "colour", may_split=True)

        body = widget.post("/v1/holds", salon.body("Extensions", hour=15)).json()

        assert [line[1:] for line in lines_of(body)] == [
            ("Karina", denver(14, 15), denver(14, 17)),
            ("Karina", denver(15, 9), denver(15, 10)),
        ]
        assert len(body["lines"]) == 1
        assert body["end_at"] == "2030-01-15T17:00:00Z"
        assert list(find_violations()) == []

    def test_a_split_service_by_its_slot_or_start(self, widget: WidgetClient, salon: Salon) -> None:
        service = salon.service("Extensions", 180, "colour", may_split=True)
        wanted = {
            "location_id": str(salon.location.id),
            "start_at": denver(14, 15).isoformat(),
            "service_id": str(service.id),
        }

        body = widget.post("/v1/holds", wanted).json()

        assert len(body["lines"][0]["periods"]) == 2
        assert problem(WidgetClient(salon.organization).post("/v1/holds", wanted)) == (409, "SLOT_FULL")

    def test_a_party_takes_as_many_seats_of_everybody(self) -> None:
        salon = a_salon(students=0, masters=0)
        AvailabilityRule.objects.filter(location=salon.location).update(slot_capacity=5)
        salon.person("Teacher", "class", capacity=5)
        salon.service("Warm-up", 30, "class")
        salon.service("Dance", 60, "class")
        salon.open_doors()
        wanted = salon.body("Warm-up", "Dance", party_size=3)

        first, second = (WidgetClient(salon.organization).post("/v1/holds", wanted) for _ in range(2))

        assert (first.status_code, first.json()["party_size"]) == (201, 3)
        assert problem(second) == (409, "SLOT_FULL")
        third = WidgetClient(salon.organization).post("/v1/holds", {**wanted, "party_size": 2})
        assert third.status_code == 201

    def test_one_customer_cannot_have_the_same_class_twice(self) -> None:
        salon = a_salon(students=0, masters=0)
        AvailabilityRule.objects.filter(location=salon.location).update(slot_capacity=5)
        salon.person("Teacher", "class", capacity=5)
        salon.service("Warm-up", 30, "class")
        salon.service("Dance", 60, "class")
        salon.open_doors()
        answers = []
        for _ in range(2):
            widget = WidgetClient(salon.organization)
            hold = widget.post("/v1/holds", salon.body("Warm-up", "Dance")).json()
            ada = {"name": "Ada", "phone": "303 555 0142"}
            answers.append(widget.post("/v1/bookings", {"hold_id": hold["id"], "customer": ada}))

        assert answers[0].status_code == 201
        assert problem(answers[1]) == (409, "ALREADY_BOOKED")

    def test_of_a_pool_which_does_whatever_its_location_sells(self) -> None:
        pool = PoolFactory(capacity=2)
        WeeklyRuleFactory(location=pool.location, slot_capacity=2)
        salon = Salon(pool.location)
        salon.service("Wash", 30, "wash")
        salon.service("Wax", 30, "wax")
        salon.open_doors()

        answers = [
            WidgetClient(salon.organization).post("/v1/holds", salon.body("Wash", "Wax")) for _ in "123"
        ]

        assert [answer.status_code for answer in answers] == [201, 201, 409]
        assert [line[1] for line in lines_of(answers[0].json())] == ["Pool", "Pool"]

    def test_can_be_booked_and_confirmed(self, widget: WidgetClient, salon: Salon) -> None:
        hold = widget.post("/v1/holds", salon.body("Wash", "Colour")).json()

        booking = widget.post(
            "/v1/bookings", {"hold_id": hold["id"], "customer": {"name": "Ada", "phone": "303 555 0142"}}
        ).json()
        confirmed = widget.post(f"/v1/bookings/{booking['id']}/confirm").json()

        assert (confirmed["status"], confirmed["total_price"]) == ("confirmed", "145.00")
        assert lines_of(confirmed) == lines_of(hold)
        assert CalendarEvent.objects.filter(type="customer", booking_id=booking["id"]).count() == 2
        assert list(find_violations()) == []


class TestRefusals:
    def test_full_names_what_is_free_nearby_with_its_lines(self, widget: WidgetClient, salon: Salon) -> None:
        widget.post("/v1/holds", salon.body("Wash", "Colour"))

        response = WidgetClient(salon.organization).post("/v1/holds", salon.body("Wash", "Colour"))

        assert problem(response) == (409, "SLOT_FULL")
        alternatives = response.json()["alternatives"]
        # Karina is taken from half past ten to twelve, so a wash can begin at half past eleven.
        assert [one["start_at"] for one in alternatives] == [
            f"2030-01-14T{start}:00Z" for start in ("18:30", "19:00", "19:30")
        ]
        assert [line["resource"]["name"] for line in alternatives[0]["lines"]] == ["Student", "Karina"]

    def test_an_alternative_can_be_held_as_it_is(self, widget: WidgetClient, salon: Salon) -> None:
        widget.post("/v1/holds", salon.body("Wash", "Colour"))
        other = WidgetClient(salon.organization)
        alternative = other.post("/v1/holds", salon.body("Wash", "Colour")).json()["alternatives"][0]

        body = other.post(
            "/v1/holds", salon.body("Wash", "Colour") | {"start_at": alternative["start_at"]}
        ).json()

        assert (body["start_at"], body["end_at"]) == (alternative["start_at"], alternative["end_at"])

    @pytest.mark.parametrize(
        ("hour", "minute"),
        [(8, 0), (10, 7), (16, 30)],
        ids=["before opening", "off the grid", "past closing"],
    )
    def test_what_was_never_on_offer(
        self, widget: WidgetClient, salon: Salon, hour: int, minute: int
    ) -> None:
        response = widget.post("/v1/holds", salon.body("Wash", "Colour", hour=hour, minute=minute))

        assert problem(response) == (409, "SLOT_NOT_BOOKABLE")

    @pytest.mark.parametrize(
        "start",
        ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2030-01-14T14:00:00Z", "2031-01-14T17:00:00Z"],
    )
    def test_what_is_long_past_or_far_ahead(self, widget: WidgetClient, salon: Salon, start: str) -> None:
        several = widget.post("/v1/holds", salon.body("Wash", "Colour") | {"start_at": start})
        visits = widget.post("/v1/holds", {"visits": [salon.body("Wash") | {"start_at": start}]})

        assert problem(several) == problem(visits) == (409, "SLOT_NOT_BOOKABLE")

    def test_somebody_who_does_not_do_that(self, widget: WidgetClient, salon: Salon) -> None:
        response = widget.post("/v1/holds", salon.body("Wash", "Colour", by={1: "Student"}))

        assert problem(response) == (409, "SLOT_NOT_BOOKABLE")

    def test_another_businesss_people_services_and_places_do_not_exist(
        self, widget: WidgetClient, salon: Salon
    ) -> None:
        foreign = SlotFactory()
        wrong = [
            salon.body("Wash") | {"location_id": str(LocationFactory().id)},
            salon.body("Wash") | {"services": [{"service_id": str(ServiceFactory().id)}]},
            salon.body("Wash")
            | {
                "services": [
                    {
                        "service_id": str(salon.services["Wash"].id),
                        "resource_id": str(foreign.resource_id),
                    }
                ]
            },
        ]

        assert {problem(widget.post("/v1/holds", body)) for body in wrong} == {(404, "NOT_FOUND")}

    def test_prices_in_two_currencies(self, widget: WidgetClient, salon: Salon) -> None:
        salon.service("Tattoo", 30, "colour", currency="EUR")

        response = widget.post("/v1/holds", salon.body("Wash", "Tattoo"))

        assert problem(response) == (409, "MIXED_CURRENCIES")
        assert response.json()["currencies"] == ["EUR", "USD"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"services": []}, "services"),
            ({"services": [{}]}, "services.0.service_id"),
            ({"services": "Wash"}, "services"),
            ({"services": [{"service_id": "7"}]}, "services.0.service_id"),
            ({"mode": "zigzag"}, "mode"),
            ({"max_gap_minutes": -1}, "max_gap_minutes"),
            ({"max_gap_minutes": 10**9}, "max_gap_minutes"),
            ({"party_size": 0}, "party_size"),
            ({"start_at": "ten o'clock"}, "start_at"),
            ({"start_at": None}, "start_at"),
            ({"location_id": None}, "location_id"),
            ({"slot_id": "01998ac9-5a0a-7000-8000-000000000000"}, "slot_id"),
            ({"service_id": "01998ac9-5a0a-7000-8000-000000000000"}, "service_id"),
            ({"surprise": 1}, "surprise"),
            ({"services": [None]}, "services.0"),
            ({"services": [{"service_id": "01998ac9-5a0a-7000-8000-000000000000", "x": 1}]}, "services.0.x"),
            ({"services": [{"service_id": "01998ac9-5a0a-7000-8000-000000000000"}] * 9}, "services"),
            ({"mode": ["chain"]}, "mode"),
            ({"same_person": "perhaps"}, "same_person"),
            ({"start_at": "0001-01-01T00:00:00+14:00"}, "start_at"),
            ({"visits": []}, "visits"),
        ],
    )
    def test_malformed_bodies(
        self, widget: WidgetClient, salon: Salon, change: dict[str, Any], field: str
    ) -> None:
        response = widget.post("/v1/holds", salon.body("Wash", "Colour") | change)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert field in response.json()["errors"]

    def test_what_only_services_have(self, widget: WidgetClient) -> None:
        slot = SlotFactory(resource__location__organization=widget.organization)

        response = widget.post("/v1/holds", {"slot_id": str(slot.id), "same_person": True})

        assert response.json()["errors"] == {"same_person": ["Send this with services."]}

    def test_nothing_is_left_of_a_refused_one(self, widget: WidgetClient, salon: Salon) -> None:
        take(salon.people["Karina"], at(0, 8 * 60))

        assert problem(widget.post("/v1/holds", salon.body("Wash", "Colour"))) == (409, "SLOT_FULL")
        assert not Hold.objects.exists()
        assert not BookingLine.objects.exists()


class TestSeveralVisits:
    def test_are_held_together(self, widget: WidgetClient, salon: Salon) -> None:
        slot = SlotFactory(resource__location__organization=widget.organization)

        response = widget.post(
            "/v1/holds", {"visits": [salon.body("Wash", "Colour"), {"slot_id": str(slot.id)}]}
        )

        assert response.status_code == 201
        first, second = response.json()["holds"]
        assert [line["title"] for line in first["lines"]] == ["Wash", "Colour"]
        assert second["resource"]["id"] == str(slot.resource_id)
        assert list(find_violations()) == []

    def test_or_not_at_all(self, widget: WidgetClient, salon: Salon) -> None:
        take(salon.people["Karina"], at(0, 8 * 60))

        response = widget.post(
            "/v1/holds", {"visits": [salon.body("Wash", hour=9), salon.body("Colour", hour=10)]}
        )

        assert problem(response) == (409, "SLOT_FULL")
        assert response.json()["visit"] == 1
        assert not Hold.objects.exists()

    def test_may_overlap_on_different_people(self, widget: WidgetClient) -> None:
        salon = a_salon(students=2)
        widget = WidgetClient(salon.organization)

        response = widget.post("/v1/holds", {"visits": [salon.body("Wash"), salon.body("Wash")]})

        names = [hold["resource"]["name"] for hold in response.json()["holds"]]
        assert sorted(names) == ["Student", "Student 2"]

    def test_but_not_on_one_person(self, widget: WidgetClient, salon: Salon) -> None:
        response = widget.post("/v1/holds", {"visits": [salon.body("Wash"), salon.body("Wash")]})

        assert problem(response) == (409, "SLOT_FULL")
        assert response.json()["visit"] in {0, 1}
        assert not Hold.objects.exists()

    def test_whoever_asks_for_somebody_gets_them_and_the_others_take_who_is_left(self) -> None:
        salon = a_salon(students=2)
        for name in ("Student", "Student 2"):
            widget = WidgetClient(salon.organization)
            response = widget.post(
                "/v1/holds", {"visits": [salon.body("Wash"), salon.body("Wash", by={0: name})]}
            )

            assert response.status_code == 201
            anybody, somebody = (hold["resource"]["name"] for hold in response.json()["holds"])
            assert somebody == name != anybody
            for hold in response.json()["holds"]:
                widget.post(f"/v1/holds/{hold['id']}/release")

    def test_a_choosy_visit_that_needs_the_only_one_who_can(self) -> None:
        salon = a_salon(students=2)
        salon.person("Ida", "wash", "perm")
        salon.service("Perm", 30, "perm")
        salon.open_doors()
        visits = [salon.body("Wash"), salon.body("Wash"), salon.body("Perm")]

        response = WidgetClient(salon.organization).post("/v1/holds", {"visits": visits})

        assert [hold["resource"]["name"] for hold in response.json()["holds"]][2] == "Ida"

    def test_say_each_thing_in_its_visit(self, widget: WidgetClient, salon: Salon) -> None:
        response = widget.post("/v1/holds", {"visits": [salon.body("Wash")], "party_size": 2})

        assert response.json()["errors"] == {"party_size": ["Say this in each of the visits."]}

    def test_errors_name_the_visit(self, widget: WidgetClient, salon: Salon) -> None:
        response = widget.post("/v1/holds", {"visits": [salon.body("Wash"), {"party_size": 1}]})

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert "visits.1.slot_id" in response.json()["errors"]

    @pytest.mark.parametrize(
        ("second", "refusal"),
        [
            ({"slot_id": "01998ac9-5a0a-7000-8000-000000000000"}, (404, "NOT_FOUND")),
            ({"start_at": "2030-01-14T03:00:00Z"}, (409, "SLOT_NOT_BOOKABLE")),
        ],
    )
    def test_whatever_else_is_wrong_with_one_of_them(
        self, widget: WidgetClient, salon: Salon, second: dict[str, str], refusal: tuple[int, str]
    ) -> None:
        if "slot_id" not in second:
            second = {"location_id": str(salon.location.id), **second}

        response = widget.post("/v1/holds", {"visits": [salon.body("Wash"), second]})

        assert problem(response) == refusal
        assert response.json()["visit"] == 1

    def test_a_repeated_request_gets_the_same_holds(self, widget: WidgetClient, salon: Salon) -> None:
        body = {"visits": [salon.body("Wash"), salon.body("Colour", hour=11)]}

        first, second = (widget.post("/v1/holds", body, key="same") for _ in range(2))

        assert first.json() == second.json()
        assert Hold.objects.count() == 2


class TestAroundAChangeOfTheClocks:
    def test_what_crosses_the_gap_takes_its_real_length(self) -> None:
        """On 10 March 2030 Denver's clocks go from two to three; the salon is open from one to five."""
        salon = a_salon()
        salon.organization.policy.horizon_days = 90
        salon.organization.policy.save()
        WeeklyRuleFactory(location=salon.location, days_of_week=[7], start_time=time(1), end_time=time(5))
        salon.open_doors()
        one_thirty = datetime.fromisoformat("2030-03-10T01:30:00-07:00")
        widget = WidgetClient(salon.organization)

        body = widget.post("/v1/holds", salon.body("Wash", "Colour") | {"start_at": one_thirty.isoformat()})

        assert [line[2:] for line in lines_of(body.json())] == [
            (one_thirty, one_thirty + minutes(30)),
            (one_thirty + minutes(30), one_thirty + minutes(120)),
        ]


def test_queries_do_not_grow_with_the_team() -> None:
    counts = []
    for masters in (1, 8):
        salon = a_salon(masters=masters)
        widget = WidgetClient(salon.organization)
        widget.post("/v1/holds", salon.body("Wash", "Colour", hour=9))  # warms what is kept
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = widget.post("/v1/holds", salon.body("Wash", "Colour", hour=13))
        assert response.status_code == 201
        counts.append(len(captured))

    assert counts[0] == counts[1]
