from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.core.actors import Actor
from apps.core.icons import icon_path
from apps.core.ids import new_id
from apps.flows.commands.publish_flow import publish_flow
from apps.flows.models import FlowStatus
from apps.organizations.models import ApiKeyKind
from apps.routing.models import PathMatch
from tests.factories.flows import EdgeFactory, SchedulerConfigFactory, ServiceNodeFactory, whole_flow
from tests.factories.organizations import ApiKeyFactory
from tests.factories.routing import RouterFactory, VariantFactory
from tests.routing.api.support import RESOLVE, Site, site

pytestmark = pytest.mark.django_db


def routed(place: Site, **rule: Any) -> Any:
    """A published flow with a rule that leads to it."""
    whole = whole_flow(place.organization)
    version = whole.publish()
    whole.flow.refresh_from_db()
    return RouterFactory.create(organization=place.organization, flow=whole.flow, **rule), version


class TestDocument:
    def test_is_the_one_of_the_contract(self) -> None:
        place = site(target_click_elements=["#book"], fallback_phone_number="+13035550142")
        rule, version = routed(place, priority=2, path_match=PathMatch.PREFIX, path="/services")
        response = place.resolve("/services/hvac")
        assert response.status_code == 200
        organization, config = place.organization, place.config
        assert response.json() == {
            "router": {
                "rule_id": str(rule.id),
                "reason": "Rule 2 fits: /services and what is below it.",
                "split": None,
            },
            "organization": {
                "id": str(organization.id),
                "name": organization.name,
                "timezone": "America/Denver",
                "locale": "en-US",
                "country": "US",
                "currency": "USD",
                "phone_number": "",
                "waitlist_open": True,
            },
            "scheduler_config": {
                "id": str(config.id),
                "name": "Website",
                "target_click_elements": ["#book"],
                "fallback_phone_number_screen": {
                    "phone_number": "+13035550142",
                    "content": {"title": "Call us to book", "description": "", "icon": "phone"},
                    "icon_path": icon_path("phone"),
                },
            },
            "brand_kit": {
                "name": "Summer",
                "logo_url": None,
                "colors": config.brand_kit.colors(),
                "dark_colors": None,
                "radius_px": 12,
                "font_family": "system-ui, sans-serif",
                "mode": "light",
            },
            "flow": {"version_id": str(version.id), "version": 1, **version.document},
        }

    def test_keeps_the_order_of_choices(self) -> None:
        place = site()
        whole = whole_flow(place.organization)
        first = ServiceNodeFactory.create(step=whole.selection)
        second = ServiceNodeFactory.create(step=whole.selection)
        EdgeFactory.create(source=whole.question, target=second, position=30_000)
        EdgeFactory.create(source=whole.question, target=first, position=29_999)
        whole.publish()
        edges = place.resolve().json()["flow"]["steps"][1]["type_config"]["edges"]
        assert [edge["target_node_id"] for edge in edges][-2:] == [str(first.id), str(second.id)]

    def test_names_the_logo_by_its_whole_address(self, settings: Any, tmp_path: Any) -> None:
        settings.MEDIA_ROOT = tmp_path
        place = site()
        routed(place)
        place.config.brand_kit.logo = SimpleUploadedFile("logo.png", b"png")
        place.config.brand_kit.save()
        logo = place.resolve().json()["brand_kit"]["logo_url"]
        assert logo.startswith("http://testserver/media/brand/")

    def test_shows_a_changed_brand_kit_at_once(self) -> None:
        place = site()
        routed(place)
        place.config.brand_kit.color_primary = "#000000"
        place.config.brand_kit.save()
        assert place.resolve().json()["brand_kit"]["colors"]["primary"] == "#000000"


class TestChoice:
    def test_a_rule_of_a_widget_brings_that_widget(self) -> None:
        place = site()
        popup = SchedulerConfigFactory.create(organization=place.organization, name="Popup")
        routed(place, scheduler_config=popup, path_match=PathMatch.EXACT, path="/sale")
        assert place.resolve("/sale").json()["scheduler_config"]["name"] == "Popup"

    def test_a_general_rule_keeps_the_widget_that_was_named(self) -> None:
        place = site()
        popup = SchedulerConfigFactory.create(organization=place.organization, name="Popup")
        routed(place)
        answer = place.resolve(config_id=str(popup.id)).json()
        assert answer["scheduler_config"]["id"] == str(popup.id)

    def test_rules_that_are_off_or_lead_to_drafts_are_passed_over(self) -> None:
        place = site()
        routed(place, priority=1, active=False)
        RouterFactory.create(
            organization=place.organization, flow=whole_flow(place.organization).flow, priority=2
        )
        deleted, _ = routed(place, priority=3)
        deleted.flow.status = FlowStatus.DELETED
        deleted.flow.save()
        rule, _ = routed(place, priority=4)
        assert place.resolve().json()["router"]["rule_id"] == str(rule.id)

    def test_without_rules_the_only_published_flow_is_meant(self) -> None:
        place = site()
        version = whole_flow(place.organization).publish()
        answer = place.resolve().json()
        assert answer["router"]["rule_id"] is None
        assert answer["flow"]["version_id"] == str(version.id)

    def test_another_businesss_rules_play_no_part(self) -> None:
        routed(site())
        assert site().resolve().status_code == 404


class TestNoFlow:
    def test_brings_the_fallback_and_the_looks(self) -> None:
        place = site(fallback_phone_number="+13035550142")
        response = place.resolve()
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"
        problem = response.json()
        assert problem["code"] == "NO_FLOW"
        assert problem["fallback_phone_number_screen"]["phone_number"] == "+13035550142"
        assert problem["brand_kit"]["colors"]["primary"] == "#1F4E8C"
        assert problem["organization"]["id"] == str(place.organization.id)

    def test_two_flows_without_rules_are_not_guessed_at(self) -> None:
        place = site()
        whole_flow(place.organization).publish()
        whole_flow(place.organization).publish()
        assert place.resolve().json()["code"] == "NO_FLOW"

    def test_where_no_rule_fits_and_there_is_no_default(self) -> None:
        place = site()
        routed(place, path_match=PathMatch.EXACT, path="/book")
        assert place.resolve("/about").json()["reason"] == "No rule fits this page, and there is no default."

    def test_without_any_widget(self) -> None:
        place = site()
        routed(place)
        place.config.delete()
        problem = place.resolve().json()
        assert problem["code"] == "NO_FLOW"
        assert problem["brand_kit"] is None


class TestInput:
    @pytest.mark.parametrize("url", ["", "nowhere", "javascript:alert(1)", "https://[::1/x", 7, None])
    def test_refuses_what_is_no_address(self, url: Any) -> None:
        response = site().client.post(RESOLVE, {"url": url}, format="json")
        assert response.status_code == 400
        assert response.json()["code"] == "VALIDATION_ERROR"
        if url != 7:
            assert set(response.json()["errors"]) == {"url"}

    @pytest.mark.parametrize(
        "body",
        [{}, {"url": "https://a.example/", "x": 1}, {"url": "https://a.example/", "config_id": "x"}, []],
    )
    def test_refuses_other_shapes(self, body: Any) -> None:
        assert site().client.post(RESOLVE, body, format="json").json()["code"] == "VALIDATION_ERROR"

    def test_refuses_broken_json(self) -> None:
        response = site().client.post(RESOLVE, "{", content_type="application/json")
        assert (response.status_code, response.json()["code"]) == (400, "MALFORMED_JSON")

    def test_another_businesss_widget_does_not_exist(self) -> None:
        place = site()
        for config_id in (site().config.id, new_id()):
            response = place.resolve(config_id=str(config_id))
            assert (response.status_code, response.json()["code"]) == (404, "NOT_FOUND")

    def test_needs_a_key(self) -> None:
        response = APIClient().post(RESOLVE, {"url": "https://a.example/"}, format="json")
        assert (response.status_code, response.json()["code"]) == (401, "INVALID_API_KEY")

    def test_refuses_a_page_that_is_not_on_the_keys_list(self) -> None:
        response = site().client.post(
            RESOLVE, {"url": "https://a.example/"}, format="json", headers={"Origin": "https://evil.example"}
        )
        assert (response.status_code, response.json()["code"]) == (403, "ORIGIN_NOT_ALLOWED")


class TestGet:
    def test_answers_what_post_answers(self) -> None:
        place = site()
        routed(place)
        query = {"url": "https://www.example.com/", "config_id": str(place.config.id)}
        posted = place.client.post(RESOLVE, query, format="json")
        got = place.client.get(RESOLVE, query)
        assert got.content == posted.content
        assert got["ETag"] == posted["ETag"]
        assert "X-Api-Key" in got["Vary"]

    def test_what_the_caller_has_is_not_sent_again(self) -> None:
        place = site()
        rule, _ = routed(place)
        query = {"url": "https://www.example.com/"}
        etag = place.client.get(RESOLVE, query)["ETag"]
        again = place.client.get(RESOLVE, query, headers={"If-None-Match": f'"other", W/{etag}'})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        rule.flow.steps.filter(step_type="summary").update(title="Check and book")
        publish_flow(actor=Actor.system(place.organization.id), flow_id=rule.flow_id)
        assert place.client.get(RESOLVE, query, headers={"If-None-Match": etag}).status_code == 200


class TestQueries:
    """A read that was made before costs the check of the key; the first after a change, a fixed number."""

    def count(self, client: APIClient, address: str = "https://www.example.com/") -> int:
        with CaptureQueriesContext(connection) as captured:
            client.post(RESOLVE, {"url": address}, format="json")
        return len(captured)

    def test_none_but_the_keys_where_nothing_has_changed(self) -> None:
        place = site()
        routed(place)
        self.count(place.client)
        assert [self.count(place.client, f"https://www.example.com/{page}") for page in "abc"] == [1, 1, 1]

    def test_their_number_does_not_grow_with_the_rules(self) -> None:
        place = site()
        rule, _ = routed(place, priority=9_999)
        VariantFactory.create(router=rule)
        self.count(place.client)  # so that the key is known
        place.config.save()
        few = self.count(place.client)  # the key is looked at by the memory and by the view
        routers = [
            RouterFactory.create(
                organization=place.organization,
                flow=rule.flow,
                path_match=PathMatch.EXACT,
                path=f"/page-{number}",
                priority=number + 1,
            )
            for number in range(30)
        ]
        for router in routers:
            VariantFactory.create(router=router)
            SchedulerConfigFactory.create(organization=place.organization)
        assert self.count(place.client) == few == 6

    def test_an_unknown_page_costs_no_more(self) -> None:
        place = site()
        routed(place, path_match=PathMatch.EXACT, path="/book")
        self.count(place.client, "https://www.example.com/about")
        assert self.count(place.client, "https://www.example.com/about") == 1


class TestExplain:
    def secret(self, place: Site) -> APIClient:
        key = ApiKeyFactory.build(organization=place.organization, kind=ApiKeyKind.SECRET)
        token = key.set_new_token()
        key.save()
        return APIClient(headers={"X-Api-Key": token})

    def test_says_of_every_rule_why_to_the_business_alone(self) -> None:
        place = site()
        rule, _ = routed(place, priority=2, path_match=PathMatch.PREFIX, path="/services")
        url = f"{RESOLVE}?explain=1"
        body = {"url": "https://www.example.com/about"}
        refused = place.client.post(url, body, format="json")
        assert (refused.status_code, refused.json()["code"]) == (403, "NOT_PERMITTED")
        answer = self.secret(place).post(url, body, format="json").json()
        assert answer == {
            "reason": "No rule fits this page, and there is no default.",
            "flow_id": None,
            "flow_title": "",
            "config_id": str(place.config.id),
            "rules": [
                {
                    "rule_id": str(rule.id),
                    "priority": 2,
                    "is_default": False,
                    "conditions": "/services and what is below it",
                    "leads_to": "Book a visit",
                    "outcome": "no",
                    "checks": [{"holds": False, "words": "/about is neither /services nor below it."}],
                }
            ],
        }

    def test_by_get_too(self) -> None:
        place = site()
        routed(place)
        query = {"url": "https://www.example.com/", "explain": "1"}
        assert self.secret(place).get(RESOLVE, query).json()["rules"][0]["outcome"] == "wins"
        assert "flow" in self.secret(place).get(RESOLVE, {**query, "explain": "0"}).json()
