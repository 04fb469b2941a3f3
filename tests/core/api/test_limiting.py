"""What the public API refuses for coming too fast, in which words, and what it never refuses."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.core import soft_redis
from apps.core.api.limiting import kind_of
from tests.factories.availability import LocationFactory
from tests.factories.organizations import OrganizationFactory
from tests.redis_server import RedisServer
from tests.widget_client import ORIGIN, WidgetClient, problem

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with RedisServer() as running:
        yield running


@pytest.fixture(autouse=True)
def limits_on(server: RedisServer, settings: Any) -> None:
    settings.REDIS_URL = server.url
    settings.RATE_LIMITS_ENABLED = True
    soft_redis.LINK.call("FLUSHALL")


@pytest.fixture
def widget() -> WidgetClient:
    return WidgetClient(OrganizationFactory.create())


class TestReads:
    def test_sixty_a_minute(self, widget: WidgetClient) -> None:
        location = LocationFactory.create(organization=widget.organization)
        where = {"location_id": location.id, "from": "2030-01-14", "to": "2030-01-15"}

        answers = [widget.get("/v1/dates", where) for _ in range(61)]

        assert {answer.status_code for answer in answers[:60]} == {200}
        assert problem(answers[60]) == (429, "RATE_LIMITED")

    def test_headers_count_down(self, widget: WidgetClient) -> None:
        answers = [widget.get("/v1/booking-flow-routers/button-triggers") for _ in range(2)]

        assert [(a["RateLimit-Limit"], a["RateLimit-Remaining"], a["RateLimit-Reset"]) for a in answers] == [
            ("60", "59", "60"),
            ("60", "58", "60"),
        ]
        assert "Retry-After" not in answers[0]

    def test_one_visitor_moving_between_addresses_counts_once(self, widget: WidgetClient) -> None:
        for number in range(60):
            widget.client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
            widget.get("/v1/dates")
        widget.client.defaults["REMOTE_ADDR"] = "198.51.100.1"

        assert problem(widget.get("/v1/dates")) == (429, "RATE_LIMITED")

    def test_a_forged_forwarded_for_buys_nothing(self, widget: WidgetClient) -> None:
        statuses = [
            widget.get("/v1/dates", None, **{"X-Forwarded-For": f"203.0.113.{number}"}).status_code
            for number in range(61)
        ]

        assert statuses[60] == 429

    def test_neighbours_behind_one_trusted_proxy_count_apart(
        self, widget: WidgetClient, settings: Any
    ) -> None:
        settings.TRUSTED_PROXIES = ["127.0.0.1"]
        settings.RATE_LIMITS = with_limit(settings, "READS", PER_IP=1, PER_SESSION=10)

        answers = [widget.get("/v1/dates", None, **{"X-Forwarded-For": f"203.0.113.{n}"}) for n in (1, 2, 1)]

        assert [answer.status_code == 429 for answer in answers] == [False, False, True]

    def test_an_answer_that_is_kept_counts_too(self, widget: WidgetClient, settings: Any) -> None:
        settings.RATE_LIMITS = with_limit(settings, "READS", PER_IP=3)
        location = LocationFactory.create(organization=widget.organization)
        where = {"location_id": location.id, "date": "2030-01-14"}

        answers = [widget.get("/v1/slots", where) for _ in range(4)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]


class TestBookings:
    def test_ten_a_minute_for_all_that_claims_time(self, widget: WidgetClient) -> None:
        paths = ["/v1/bookings", "/v1/holds", "/v1/checkout", "/v1/waitlist"]

        statuses = [widget.post(paths[number % 4]).status_code for number in range(11)]

        assert 429 not in statuses[:10]
        assert statuses[10] == 429

    def test_the_refusal_says_when(self, widget: WidgetClient, settings: Any) -> None:
        settings.RATE_LIMITS = with_limit(settings, "BOOKINGS", PER_IP=0)

        refused = widget.post("/v1/bookings")

        assert problem(refused) == (429, "RATE_LIMITED")
        assert refused.json()["retry_after"] == int(refused["Retry-After"]) == 60
        assert refused.json()["detail"] == "That was a bit fast. Wait 60 seconds and try again."
        assert refused["Cache-Control"] == "no-store"

    def test_a_browser_may_read_the_refusal(self, widget: WidgetClient, settings: Any) -> None:
        settings.RATE_LIMITS = with_limit(settings, "BOOKINGS", PER_IP=0)

        refused = widget.post("/v1/bookings")

        assert refused["Access-Control-Allow-Origin"] == "*"
        assert "retry-after" in refused["Access-Control-Expose-Headers"]
        assert refused["X-Content-Type-Options"] == "nosniff"
        assert refused["X-Request-Id"]

    def test_a_claim_at_its_limit_may_still_be_confirmed_and_given_back(
        self, widget: WidgetClient, settings: Any
    ) -> None:
        settings.RATE_LIMITS = with_limit(settings, "BOOKINGS", PER_IP=0)

        assert problem(widget.post(f"/v1/bookings/{uuid4()}/confirm")) == (404, "NOT_FOUND")
        assert problem(widget.post(f"/v1/holds/{uuid4()}/release")) == (404, "NOT_FOUND")

    def test_a_preflight_is_not_counted(self, widget: WidgetClient) -> None:
        for _ in range(5):
            asked = Client().options(
                "/v1/bookings", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
            )
            assert asked.status_code == 200

        assert widget.post("/v1/bookings")["RateLimit-Remaining"] == "9"


class TestKinds:
    @pytest.mark.parametrize(
        ("method", "path", "kind"),
        [
            ("GET", "/v1/slots", "READS"),
            ("HEAD", "/v1/slots", "READS"),
            ("GET", "/v1/sessions/5", "READS"),
            ("GET", "/v1/holds/5", "READS"),
            ("POST", "/v1/bookings", "BOOKINGS"),
            ("POST", "/v1/bookings/", "BOOKINGS"),
            ("POST", "/v1/holds", "BOOKINGS"),
            ("POST", "/v1/checkout", "BOOKINGS"),
            ("POST", "/v1/waitlist", "BOOKINGS"),
            ("POST", "/v1/holds/5/refresh", "CHANGES"),
            ("POST", "/v1/bookings/5/confirm", "CHANGES"),
            ("PATCH", "/v1/customers/me", "CHANGES"),
            ("POST", "/v1/anything-new", "CHANGES"),
            ("POST", "/v1/booking-flow-routers/resolve", "VISITS"),
            ("GET", "/v1/booking-flow-routers/resolve", "VISITS"),
            ("POST", "/v1/sessions", "VISITS"),
            ("POST", "/v1/sessions/5/events", "EVENTS"),
            ("GET", "/v1/bookings/manage/secret", "MANAGE"),
            ("POST", "/v1/bookings/manage/secret/cancel", "MANAGE"),
            ("OPTIONS", "/v1/bookings", None),
            ("GET", "/healthz", None),
            ("GET", "/admin/v1/bookings", None),
            ("GET", "/scheduler.js", None),
        ],
    )
    def test_each_request_has_one(self, method: str, path: str, kind: str | None) -> None:
        assert kind_of(method, path) == kind

    def test_opening_the_widget_and_telling_events_cost_no_booking(self, widget: WidgetClient) -> None:
        for _ in range(20):
            assert widget.post("/v1/booking-flow-routers/resolve").status_code != 429
            assert widget.post("/v1/sessions").status_code != 429
            assert widget.post(f"/v1/sessions/{uuid4()}/events").status_code != 429

        assert widget.post("/v1/bookings")["RateLimit-Remaining"] == "9"

    def test_who_guesses_tokens_is_stopped(self, widget: WidgetClient) -> None:
        statuses = [widget.get(f"/v1/bookings/manage/{uuid4()}").status_code for _ in range(21)]

        assert 429 not in statuses[:20]
        assert statuses[20] == 429


class TestExempt:
    def test_a_named_network_is_not_counted(self, widget: WidgetClient, settings: Any) -> None:
        settings.RATE_LIMITS = with_limit(settings, "BOOKINGS", PER_IP=0)
        settings.RATE_LIMIT_EXEMPT = ["127.0.0.0/8"]

        answer = widget.post("/v1/bookings")

        assert answer.status_code != 429
        assert "RateLimit-Limit" not in answer


def with_limit(settings: Any, kind: str, **parts: int) -> dict[str, dict[str, int]]:
    limits: dict[str, dict[str, int]] = settings.RATE_LIMITS
    return {**limits, kind: {**limits[kind], **parts}}
