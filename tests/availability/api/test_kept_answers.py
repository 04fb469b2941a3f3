"""Answers are kept, and never shown a moment too long (apps/availability/offering/reading.py)."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from time import monotonic, monotonic_ns
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.availability.api.kept import KEPT
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import Resource, RuleKind, SettingsVersion, SlotInstance
from apps.availability.offering import stamps
from apps.availability.offering.reading import SEARCHES
from apps.availability.offering.stamps import LOOKS, Looks
from apps.content.models import BookingService
from apps.core import soft_cache
from apps.organizations.models import ApiKey
from tests.availability.support import at, denver, take
from tests.factories.availability import PersonFactory, WeeklyRuleFactory
from tests.factories.content import ServiceFactory
from tests.widget_client import WidgetClient, problem

pytestmark = pytest.mark.django_db

TODAY = "2030-01-14"


@pytest.fixture
def anna() -> Resource:
    """Works from nine to twelve, in half hours; it is eight o'clock."""
    anna = PersonFactory(name="Anna")
    WeeklyRuleFactory(location=anna.location, end_time=time(12))
    generate_slots(organization=anna.organization, last=date(2030, 1, 20))
    return anna


@pytest.fixture
def service(anna: Resource) -> BookingService:
    return ServiceFactory(organization=anna.organization, duration_minutes=30)


@pytest.fixture
def widget(anna: Resource) -> WidgetClient:
    return WidgetClient(anna.organization)


Ask = Callable[..., Any]


@pytest.fixture
def ask(widget: WidgetClient, anna: Resource, service: BookingService) -> Ask:
    """One of the four reads, as JSON."""
    where = {"location_id": anna.location_id, "service_id": service.id}
    reads: dict[str, tuple[str, dict[str, Any]]] = {
        "slots": ("/v1/slots", where | {"date": TODAY, "more": 1}),
        "dates": ("/v1/dates", where | {"from": TODAY, "to": "2030-01-20"}),
        "timeslots": ("/v1/scheduler/date-timeslots", where | {"date": TODAY, "more": 1}),
        "month": ("/v1/scheduler/month-availability", where | {"month": "2030-01"}),
    }

    def get(name: str, **headers: str) -> Any:
        path, params = reads[name]
        return widget.get(path, params, **headers)

    return get


def left_today(ask: Ask, name: str = "slots") -> int:
    """How many starts a read says that today has."""
    body = ask(name).json()
    if name in {"slots", "timeslots"}:
        return int(body["total"])
    days = {day["date"]: day["available"] for day in body["dates" if name == "dates" else "days"]}
    return int(days.get(TODAY, 0))


READS = ["slots", "dates", "timeslots", "month"]


@pytest.mark.parametrize("name", READS)
class TestKeeping:
    def test_a_second_look_costs_one_query(self, ask: Ask, name: str) -> None:
        first = ask(name)
        with CaptureQueriesContext(connection) as queries:
            second = ask(name)

        assert len(queries) == 1
        assert second.content == first.content
        assert left_today(ask, name) == 6

    def test_after_a_change_of_time_it_costs_two(self, ask: Ask, anna: Resource, name: str) -> None:
        ask(name)
        take(anna, at(0))
        with CaptureQueriesContext(connection) as queries:
            assert left_today(ask, name) == 5

        assert len(queries) == 2

    def test_a_replay_has_every_header_of_the_first_answer(self, ask: Ask, name: str) -> None:
        first, second = ask(name), ask(name)

        ours = {"X-Request-Id"}
        assert {k: v for k, v in first.items() if k not in ours} == {
            k: v for k, v in second.items() if k not in ours
        }
        assert first["X-Request-Id"] != second["X-Request-Id"]
        assert first["Access-Control-Allow-Origin"] == "*"
        assert first["Content-Length"] == str(len(first.content))

    def test_who_has_the_answer_is_told_that_it_still_holds(
        self, ask: Ask, anna: Resource, name: str
    ) -> None:
        etag = ask(name)["ETag"]
        again = ask(name, **{"If-None-Match": etag})
        take(anna, at(0))
        changed = ask(name, **{"If-None-Match": etag})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert (changed.status_code, changed["ETag"] != etag) == (200, True)


@pytest.mark.parametrize("name", READS)
class TestChanges:
    def test_time_that_is_taken_and_freed(self, widget: WidgetClient, ask: Ask, name: str) -> None:
        slot = ask("slots").json()["slots"][0]
        assert left_today(ask, name) == 6

        hold = widget.post("/v1/holds", {"slot_id": slot["id"]}).json()
        assert left_today(ask, name) == 5

        widget.post(f"/v1/holds/{hold['id']}/release")
        assert left_today(ask, name) == 6

    def test_a_hold_lapses_without_anybody_doing_anything(
        self, ask: Ask, anna: Resource, set_now: Callable[[datetime], None], name: str
    ) -> None:
        take(anna, at(0), expires_at=denver(14, 8, 5))
        assert left_today(ask, name) == 5

        set_now(denver(14, 8, 4) + timedelta(seconds=59))
        assert left_today(ask, name) == 5

        set_now(denver(14, 8, 5))
        assert left_today(ask, name) == 6

    def test_time_passes(self, ask: Ask, set_now: Callable[[datetime], None], name: str) -> None:
        assert left_today(ask, name) == 6

        set_now(denver(14, 9))
        assert left_today(ask, name) == 6  # a start at this very moment may still be booked

        set_now(denver(14, 9) + timedelta(microseconds=1))
        assert left_today(ask, name) == 5

    def test_the_notice(self, ask: Ask, anna: Resource, name: str) -> None:
        assert left_today(ask, name) == 6

        policy = anna.organization.policy
        policy.minimum_notice_minutes = 120
        policy.save()

        assert left_today(ask, name) == 4

    def test_a_rule(self, ask: Ask, anna: Resource, name: str) -> None:
        assert left_today(ask, name) == 6

        WeeklyRuleFactory(
            location=anna.location,
            rule_kind=RuleKind.EXCEPTION,
            days_of_week=None,
            valid_from=date(2030, 1, 14),
            valid_to=date(2030, 1, 14),
            end_time=time(10),
        )

        assert left_today(ask, name) == 2

    def test_the_service(self, ask: Ask, service: BookingService, name: str) -> None:
        assert left_today(ask, name) == 6

        service.duration_minutes = 120
        service.save()

        assert left_today(ask, name) == 3

    def test_who_works_there(self, ask: Ask, anna: Resource, name: str) -> None:
        assert left_today(ask, name) == 6

        anna.daily_cap = 1
        anna.save()
        take(anna, at(0), expires_at=denver(14, 8, 5))

        assert left_today(ask, name) == 0

    def test_what_is_switched_off(self, ask: Ask, anna: Resource, name: str) -> None:
        ask(name)
        anna.location.active = False
        anna.location.save()

        assert problem(ask(name)) == (404, "NOT_FOUND")

    def test_a_key_that_is_revoked(self, ask: Ask, widget: WidgetClient, name: str) -> None:
        ask(name)
        ApiKey.objects.filter(id=widget.api_key.id).update(revoked_at="2030-01-14T15:00:00Z")

        assert problem(ask(name)) == (401, "INVALID_API_KEY")

    def test_a_business_that_closes(self, ask: Ask, anna: Resource, name: str) -> None:
        ask(name)
        anna.organization.active = False
        anna.organization.save()

        assert problem(ask(name)) == (401, "INVALID_API_KEY")


@pytest.mark.parametrize("name", ["dates", "month"])
def test_new_slots_end_an_answer(ask: Ask, anna: Resource, name: str) -> None:
    def free_days() -> int:
        days = ask(name).json()["dates" if name == "dates" else "days"]
        return sum(day["available"] > 0 for day in days)

    SlotInstance.objects.filter(resource=anna, date="2030-01-16").delete()
    assert free_days() == 4

    generate_slots(organization=anna.organization, last=date(2030, 1, 20))

    assert free_days() == 5


class TestWhatIsShared:
    @pytest.mark.parametrize("name", READS)
    def test_what_is_not_drawn_for_somebody_is_kept_for_all(
        self, ask: Ask, anna: Resource, widget: WidgetClient, name: str
    ) -> None:
        first = ask(name)
        somebody = WidgetClient(anna.organization, api_key=widget.api_key)
        with CaptureQueriesContext(connection) as queries:
            again = ask(name, **{"X-Session-Token": somebody.token})

        assert (len(queries), again.content) == (1, first.content)


class TestWhatIsKeptApart:
    def test_what_is_drawn_for_somebody_is_theirs(self, widget: WidgetClient, anna: Resource) -> None:
        where = {"location_id": anna.location_id, "date": TODAY}
        mine = widget.get("/v1/slots", where).json()
        somebody = WidgetClient(anna.organization, api_key=widget.api_key)

        assert somebody.get("/v1/slots", where).json()["exposure_id"] != mine["exposure_id"]
        assert widget.get("/v1/slots", where).json() == mine

    def test_another_origin_is_asked_for_its_right(self, ask: Ask) -> None:
        ask("slots")

        assert problem(ask("slots", Origin="https://elsewhere.example")) == (403, "ORIGIN_NOT_ALLOWED")

    def test_another_business_does_not_get_it(
        self, anna: Resource, widget: WidgetClient, ask: Ask, service: BookingService
    ) -> None:
        stranger = WidgetClient(PersonFactory().organization)
        where = {"location_id": anna.location_id, "service_id": service.id, "date": TODAY, "more": 1}
        ask("slots")

        assert problem(stranger.get("/v1/slots", where)) == (404, "NOT_FOUND")

    def test_a_booking_is_no_setting(self, ask: Ask, anna: Resource) -> None:
        ask("slots")
        before = SettingsVersion.objects.get(organization_id=anna.organization_id).version
        take(anna, at(0))

        assert SettingsVersion.objects.get(organization_id=anna.organization_id).version == before


@pytest.mark.django_db(transaction=True)
class TestOtherProcesses:
    def test_what_another_process_takes_is_gone_at_once(self, ask: Ask, anna: Resource) -> None:
        assert left_today(ask) == 6

        program = (
            "import django; django.setup();"
            "from apps.availability.models import Resource;"
            "from tests.availability.support import at, take;"
            f"take(Resource.objects.get(id='{anna.id}'), at(0))"
        )
        server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        settings = {
            "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
            "DJANGO_SETTINGS_MODULE": "scheduler_project.settings.test",
        }
        subprocess.run([sys.executable, "-c", program], env=os.environ | settings, check=True)

        assert left_today(ask) == 5


class TestSharedLooks:
    """For a moment a process shares what it last saw (FREE_TIMES_MAY_LAG_SECONDS)."""

    @pytest.fixture
    def an_hour(self, settings: Any) -> None:
        settings.FREE_TIMES_MAY_LAG_SECONDS = 3600.0

    @pytest.mark.usefixtures("an_hour")
    @pytest.mark.parametrize("name", READS)
    def test_asks_nobody(self, ask: Ask, anna: Resource, name: str) -> None:
        first = ask(name)
        take(anna, at(0))
        with CaptureQueriesContext(connection) as queries:
            assert ask(name).content == first.content

        assert len(queries) == 0

    @pytest.mark.usefixtures("an_hour")
    @pytest.mark.parametrize("name", READS)
    def test_what_this_process_has_changed_shows_at_once(
        self, widget: WidgetClient, ask: Ask, name: str
    ) -> None:
        slot = ask("slots").json()["slots"][0]
        assert left_today(ask, name) == 6

        hold = widget.post("/v1/holds", {"slot_id": slot["id"]}).json()
        assert left_today(ask, name) == 5

        widget.post(f"/v1/holds/{hold['id']}/release")
        assert left_today(ask, name) == 6

    def test_not_a_moment_longer(self, ask: Ask, anna: Resource, settings: Any) -> None:
        settings.FREE_TIMES_MAY_LAG_SECONDS = 0.05
        began = monotonic()
        assert left_today(ask) == 6
        take(anna, at(0))
        while left_today(ask) == 6:
            assert monotonic() - began < 5

        assert monotonic() - began < 5
        with CaptureQueriesContext(connection) as queries:
            assert left_today(ask) == 5
            while not queries:
                ask("slots")

    @pytest.mark.usefixtures("an_hour")
    def test_its_clock_goes_on(self, anna: Resource) -> None:
        of = str(anna.organization_id), str(anna.location_id)
        first, began = LOOKS.ask(*of), monotonic_ns()
        while monotonic_ns() - began < 2_000_000:
            pass
        later = LOOKS.stamp(*of)

        assert later.state is first.state
        assert 2_000 <= later.at - first.at <= (monotonic_ns() - began) // 1000 + 1_000

    @pytest.mark.usefixtures("an_hour")
    def test_a_look_that_began_before_a_change_is_not_kept(
        self, anna: Resource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        of = str(anna.organization_id), str(anna.location_id)
        rows = stamps.LOOK.rows

        def changed_meanwhile(*values: str | None) -> Any:
            found = rows(*values)
            take(anna, at(0))
            LOOKS.forget()
            return found

        monkeypatch.setattr(stamps, "LOOK", SimpleNamespace(rows=changed_meanwhile))
        old = LOOKS.ask(*of)
        monkeypatch.undo()

        assert LOOKS.stamp(*of).state.total == old.state.total + 1

    def test_so_many_locations_are_remembered_and_no_more(
        self, anna: Resource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stamps, "MAX_LOOKS", 3)
        looks = Looks()
        for _ in range(10):
            looks.ask(str(anna.organization_id), str(uuid4()))

        assert len(looks._last) <= 3


def forget() -> None:
    """What a process knows when it starts."""
    KEPT.clear()
    SEARCHES.clear()
    LOOKS.forget()


def test_a_new_process_finds_what_the_old_one_found(ask: Ask, anna: Resource) -> None:
    take(anna, at(0))
    before = [ask(name).content for name in READS]
    forget()

    assert [ask(name).content for name in READS] == before


@pytest.fixture
def redis_away(settings: Any) -> Iterator[None]:
    """Nobody listens there."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nonexistent/redis.sock",
        }
    }
    soft_cache.set_many({"anything": 1}, seconds=1)
    assert soft_cache.get("anything") is None
    yield
    soft_cache.be_hopeful()


@pytest.mark.usefixtures("redis_away")
class TestWithoutRedis:
    @pytest.mark.parametrize("name", READS)
    def test_every_read_is_right(self, ask: Ask, anna: Resource, name: str) -> None:
        assert left_today(ask, name) == 6
        take(anna, at(0))
        assert left_today(ask, name) == 5

    def test_what_is_shown_stays_within_a_process(
        self, widget: WidgetClient, anna: Resource, set_now: Callable[[datetime], None]
    ) -> None:
        where = {"location_id": anna.location_id, "date": TODAY}
        before = widget.get("/v1/slots", where).json()["slots"]
        set_now(denver(14, 8, 1))

        assert widget.get("/v1/slots", where).json()["slots"] == before
