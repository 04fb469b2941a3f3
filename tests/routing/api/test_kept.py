"""Answers from memory are those that the whole way gives, and are never of yesterday."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core.soft_redis import BREAKER
from apps.flows.models import FlowStatus
from apps.organizations.keys import LOOKS
from apps.routing import answers, configuration
from apps.routing.api import kept, views
from apps.routing.models import PathMatch
from tests.factories.flows import SchedulerConfigFactory, whole_flow
from tests.factories.routing import RouterFactory, VariantFactory
from tests.routing.api.support import RESOLVE, Site, site

pytestmark = pytest.mark.django_db


def published(place: Site, **rule: Any) -> Any:
    whole = whole_flow(place.organization)
    whole.publish()
    whole.flow.refresh_from_db()
    return RouterFactory.create(organization=place.organization, flow=whole.flow, **rule)


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that went the whole way to the view."""
    gone: list[str] = []
    original = views._answer

    def counted(request: Any, data: Any) -> Any:
        gone.append(request.path)
        return original(request, data)

    monkeypatch.setattr(views, "_answer", counted)
    return gone


class TestMemory:
    def test_the_second_page_of_a_flow_does_not_go_the_whole_way(self, way: list[str]) -> None:
        place = site()
        published(place, path_match=PathMatch.PREFIX, path="/services")
        first = place.resolve("/services/hvac")
        second = place.resolve("/services/plumbing?utm_source=google")
        assert len(way) == 1
        assert second.content == first.content
        same = {name: value for name, value in first.headers.items() if name != "X-Request-Id"}
        assert {name: value for name, value in second.headers.items() if name != "X-Request-Id"} == same
        assert second["X-Request-Id"] != first["X-Request-Id"]

    def test_each_rule_is_named_in_its_own_answer(self, way: list[str]) -> None:
        place = site()
        rule = published(place, priority=1, path_match=PathMatch.EXACT, path="/a")
        other = RouterFactory.create(
            organization=place.organization, flow=rule.flow, priority=2, path_match=PathMatch.EXACT, path="/b"
        )
        found = [place.resolve(path).json()["router"] for path in ("/a", "/b", "/a")]
        assert [one["rule_id"] for one in found] == [str(rule.id), str(other.id), str(rule.id)]
        assert len(way) == 1

    def test_get_and_post_share_it(self, way: list[str]) -> None:
        place = site()
        published(place)
        posted = place.resolve("/")
        got = place.client.get(RESOLVE, {"url": "https://www.example.com/other"})
        again = place.client.get(
            RESOLVE, {"url": "https://www.example.com/other"}, headers={"If-None-Match": got["ETag"]}
        )
        assert got.content == posted.content
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", got["ETag"])
        assert again["Vary"] == got["Vary"]
        assert "Content-Length" not in again
        assert len(way) == 1

    def test_another_site_of_the_same_key_gets_headers_of_its_own(self) -> None:
        place = site()
        place.key.allowed_origins = ["https://www.example.com", "https://shop.example.com"]
        place.key.save()
        published(place)
        place.resolve("/")
        answer = place.client.post(
            RESOLVE,
            {"url": "https://shop.example.com/"},
            format="json",
            headers={"Origin": "https://shop.example.com"},
        )
        assert answer.status_code == 200
        refused = place.client.post(
            RESOLVE,
            {"url": "https://www.example.com/"},
            format="json",
            headers={"Origin": "https://evil.example"},
        )
        assert refused.json()["code"] == "ORIGIN_NOT_ALLOWED"

    def test_another_businesss_page_is_answered_for_that_business(self) -> None:
        one, other = site(), site()
        published(one)
        published(other)
        for place in (one, other, one, other):
            assert place.resolve("/").json()["organization"]["id"] == str(place.organization.id)

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ('{"url": "https://www.example.com/", "x": 1}', 400),
            ('{"url": ["https://www.example.com/"]}', 400),
            ('{"url": "nowhere"}', 400),
            ('{"url": "https://www.example.com/", "config_id": "x"}', 400),
            ('{"url": "https://www.example.com/", "visitor": "' + "x" * 65 + '"}', 400),
            ('{"url": "https://www.example.com/", "config_id": "00000000-0000-0000-0000-000000000001"}', 404),
            ('{"url": "https://www.example.com/' + "a" * 9000 + '"}', 400),
            ("[" * 5000, 400),
            ("{", 400),
            ('{"url": " https://www.example.com/ "}', 200),
        ],
    )
    def test_what_is_unusual_is_judged_by_the_view(self, way: list[str], body: str, status: int) -> None:
        place = site()
        published(place)
        place.resolve("/")
        answer = place.client.post(RESOLVE, body, content_type="application/json")
        assert answer.status_code == status

    def test_a_repeated_value_of_a_get_is_judged_by_the_view(self, way: list[str]) -> None:
        place = site()
        published(place)
        place.resolve("/")
        place.client.get(f"{RESOLVE}?url=https://www.example.com/&url=nowhere")
        assert len(way) == 2


class TestChanges:
    """Each is seen by the very next request, whoever made it and however."""

    def colour(self, place: Site) -> str:
        colour: str = place.resolve("/").json()["brand_kit"]["colors"]["primary"]
        return colour

    def test_of_looks(self) -> None:
        place = site()
        published(place)
        self.colour(place)
        type(place.config.brand_kit).objects.filter(pk=place.config.brand_kit.pk).update(
            color_primary="#000000"
        )
        assert self.colour(place) == "#000000"

    def test_of_rules(self) -> None:
        place = site()
        rule = published(place, path_match=PathMatch.PREFIX, path="/services")
        assert place.resolve("/services").status_code == 200
        type(rule).objects.filter(pk=rule.pk).update(active=False)
        assert place.resolve("/services").status_code == 404

    def test_of_flows(self) -> None:
        place = site()
        rule = published(place)
        assert place.resolve("/").status_code == 200
        type(rule.flow).objects.filter(pk=rule.flow.pk).update(status=FlowStatus.DELETED)
        assert place.resolve("/").status_code == 404

    def test_of_the_key(self) -> None:
        place = site()
        published(place)
        place.resolve("/")
        type(place.key).objects.filter(pk=place.key.pk).update(allowed_origins=["https://other.example"])
        assert place.resolve("/").status_code == 403

    def test_of_the_business(self) -> None:
        place = site()
        published(place)
        place.resolve("/")
        type(place.organization).objects.filter(pk=place.organization.pk).update(active=False)
        assert place.resolve("/").status_code == 401


class TestLag:
    """For a moment a process shares what it last saw (CONFIGURATION_MAY_LAG_SECONDS)."""

    @pytest.fixture(autouse=True)
    def long(self, settings: Any) -> None:
        settings.CONFIGURATION_MAY_LAG_SECONDS = 3600.0
        LOOKS.forget()

    def test_within_it_nothing_is_asked_of_the_database(self) -> None:
        place = site()
        published(place)
        place.resolve("/")
        place.resolve("/")
        with CaptureQueriesContext(connection) as captured:
            assert place.resolve("/other").status_code == 200
        assert len(captured) == 0

    def test_what_this_process_changes_is_seen_at_once(self) -> None:
        place = site()
        published(place)
        place.resolve("/")
        place.resolve("/")
        type(place.config).objects.filter(pk=place.config.pk).update(name="Kiosk")
        assert place.resolve("/").json()["scheduler_config"]["name"] == "Website"
        Client().post("/v1/nowhere")
        assert place.resolve("/").json()["scheduler_config"]["name"] == "Kiosk"


class TestVisitors:
    def test_a_visitor_always_gets_one_flow_and_the_answer_says_which(self) -> None:
        place = site()
        rule = published(place)
        whole = whole_flow(place.organization)
        whole.publish()
        whole.flow.refresh_from_db()
        VariantFactory.create(router=rule, flow=whole.flow, weight=3)
        seen = {}
        for visitor in map(str, range(40)):
            answers_given = [place.resolve(path, visitor=visitor) for path in ("/", "/again")]
            flows = {one.json()["flow"]["id"] for one in answers_given}
            assert len(flows) == 1
            (seen[visitor],) = flows
            split = answers_given[0].json()["router"]["split"]
            assert split["flow_id"] == seen[visitor]
            assert split["total_weight"] == 4
            assert split["weight"] == (3 if seen[visitor] == str(whole.flow.id) else 1)
        assert set(seen.values()) == {str(rule.flow.id), str(whole.flow.id)}
        assert place.resolve("/").json()["flow"]["id"] == str(rule.flow.id)

    def test_two_visitors_of_different_flows_have_different_etags(self) -> None:
        place = site()
        rule = published(place)
        whole = whole_flow(place.organization)
        whole.publish()
        VariantFactory.create(router=rule, flow=whole.flow)
        etags: dict[str, str] = {}
        for visitor in map(str, range(20)):
            answer = place.resolve("/", visitor=visitor)
            etags.setdefault(answer.json()["flow"]["id"], answer["ETag"])
            assert etags[answer.json()["flow"]["id"]] == answer["ETag"]
        assert len(set(etags.values())) == 2

    def test_a_flow_that_is_not_published_takes_no_visitors(self) -> None:
        place = site()
        rule = published(place)
        VariantFactory.create(router=rule, flow=whole_flow(place.organization).flow)
        answers_given = [place.resolve("/", visitor=str(number)).json() for number in range(10)]
        assert {one["flow"]["id"] for one in answers_given} == {str(rule.flow.id)}
        assert answers_given[0]["router"]["split"] is None


def test_without_redis_it_answers_as_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    place = site()
    published(place)
    answers._parts.clear()
    configuration._kept.clear()
    monkeypatch.setattr(BREAKER, "may_try", lambda: False)
    assert place.resolve("/").status_code == 200


def test_another_process_finds_the_flow_in_redis() -> None:
    place = site()
    published(place)
    first = place.resolve("/")
    for shelf in (answers._parts, configuration._kept, kept._known, kept._owners):
        shelf.clear()
    with CaptureQueriesContext(connection) as captured:
        assert place.resolve("/").content == first.content
    assert not any("flows_flowversion" in query["sql"] for query in captured)


def test_an_unknown_widget_keeps_nothing() -> None:
    place = site()
    published(place)
    popup = SchedulerConfigFactory.create(organization=place.organization, name="Popup")
    assert place.resolve("/", config_id=str(popup.id)).json()["scheduler_config"]["name"] == "Popup"
    assert place.resolve("/", config_id=str(popup.id)).json()["scheduler_config"]["name"] == "Popup"
    assert place.resolve("/").json()["scheduler_config"]["name"] == "Website"
