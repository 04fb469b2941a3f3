"""What the frame shows: the draft, as `resolve` would send it; of one's own businesses only."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.flows.models import BrandKit, SchedulerConfig
from apps.organizations.models import Role
from tests.factories.backoffice import Business, signed_in, whole_business
from tests.factories.flows import BrandKitFactory, EdgeFactory, SchedulerConfigFactory
from tests.factories.organizations import ApiKeyFactory, MembershipFactory, OrganizationFactory, UserFactory
from tests.widget_client import WidgetClient

pytestmark = pytest.mark.django_db
URL = "/admin/preview/document/"


@pytest.fixture
def acme() -> Business:
    return whole_business()


def shown(client: Client, **query: Any) -> dict[str, Any]:
    """What the frame would show; the answer is known to be one."""
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


class TestDraft:
    def test_is_shown_before_it_is_published(self, acme: Business) -> None:
        acme.flow.service.title = "Not published yet"
        acme.flow.service.save()

        flow = shown(acme.client(), flow=acme.flow.flow.pk)["resolved"]["flow"]

        assert flow["services"][str(acme.flow.service.pk)]["content"]["title"] == "Not published yet"
        assert [step["step_type"] for step in flow["steps"]] == [
            step.step_type for step in acme.flow.flow.steps.order_by("position")
        ]

    def test_has_the_shape_that_the_widget_is_sent(self, acme: Business) -> None:
        """Key for key what the public endpoint answers once the same flow is published."""
        draft = shown(acme.client(), flow=acme.flow.flow.pk)["resolved"]
        url = {"url": "https://www.example.com/"}
        published = WidgetClient(acme.organization).post("/v1/booking-flow-routers/resolve", url).json()
        assert published.pop("router")["rule_id"] is not None
        assert draft.pop("router")["rule_id"] is None

        assert shape_of(draft) == shape_of(published)

    def test_can_be_shown_although_it_has_problems(self, acme: Business) -> None:
        acme.flow.question.delete()

        flow = shown(acme.client(), flow=acme.flow.flow.pk)["resolved"]["flow"]

        (selection,) = (step for step in flow["steps"] if step["step_type"] == "service_selection")
        assert selection["type_config"]["root_node_id"] is None

    def test_costs_as_many_queries_for_a_large_graph(
        self, acme: Business, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = acme.client()
        for _ in range(5):
            EdgeFactory.create(source=acme.flow.question)

        with django_assert_num_queries(9):
            shown(client, flow=acme.flow.flow.pk)


class TestLooks:
    def test_are_those_of_the_widget(self, acme: Business) -> None:
        resolved = shown(acme.client(), flow=acme.flow.flow.pk)["resolved"]

        assert resolved["brand_kit"]["name"] == "Acme looks"
        assert resolved["scheduler_config"]["name"] == "Acme widget"

    def test_can_be_another_kit(self, acme: Business) -> None:
        kit = BrandKitFactory.create(organization=acme.organization, name="Winter", color_primary="#123456")

        resolved = shown(acme.client(), brand_kit=kit.pk)["resolved"]

        assert resolved["brand_kit"]["colors"]["primary"] == "#123456"
        assert resolved["flow"]["id"] == str(acme.flow.flow.pk)

    def test_can_be_another_widget(self, acme: Business) -> None:
        kiosk = SchedulerConfigFactory.create(organization=acme.organization, name="Kiosk")

        assert shown(acme.client(), config=kiosk.pk)["resolved"]["scheduler_config"]["name"] == "Kiosk"


class TestNewBusiness:
    def test_sees_a_sample_in_our_colours(self) -> None:
        organization = OrganizationFactory.create()
        user = UserFactory.create(is_staff=True)
        MembershipFactory.create(organization=organization, user=user, role=Role.ADMIN)

        resolved = shown(signed_in(user))["resolved"]

        assert resolved["flow"]["id"] == "sample"
        assert resolved["brand_kit"]["colors"] == BrandKit().colors()
        assert resolved["scheduler_config"]["fallback_phone_number_screen"] is None
        assert SchedulerConfig.objects.for_organization(organization).count() == 0


class TestTenancy:
    def test_knows_nothing_of_other_businesses(self, acme: Business) -> None:
        globex, client = whole_business("Globex"), acme.client()
        config = SchedulerConfig.objects.for_organization(globex.organization).get()

        wanted: list[dict[str, Any]] = [
            {"flow": globex.flow.flow.pk},
            {"config": config.pk},
            {"brand_kit": config.brand_kit_id},
            {"organization": globex.organization.pk},
            {"flow": acme.flow.flow.pk, "brand_kit": config.brand_kit_id},
        ]

        assert {client.get(URL, query).status_code for query in wanted} == {404}

    def test_never_mixes_two_businesses_of_one_person(self, acme: Business) -> None:
        globex = whole_business("Globex")
        operator = signed_in(UserFactory.create(is_staff=True, is_superuser=True))
        config = SchedulerConfig.objects.for_organization(globex.organization).get()

        answer = operator.get(URL, {"flow": str(acme.flow.flow.pk), "config": str(config.pk)})

        assert answer.status_code == 404

    @pytest.mark.parametrize("role", [Role.SCHEDULER, Role.FRONTDESK])
    def test_is_not_for_those_who_do_not_write_flows(self, acme: Business, role: str) -> None:
        assert acme.client(role).get(URL).status_code == 403

    def test_does_not_take_an_api_key_for_a_person(self, acme: Business) -> None:
        key = ApiKeyFactory.create(organization=acme.organization)

        assert Client().get(URL, headers={"X-Api-Key": key.publishable_token}).status_code == 401


def shape_of(value: Any) -> Any:
    """Keys and kinds, without what is written in them."""
    if isinstance(value, dict):
        # Maps by id: one entry stands for all.
        keys = {("*" if len(key) == 36 else key): shape_of(inner) for key, inner in value.items()}
        return dict(sorted(keys.items()))
    if isinstance(value, list):
        return [shape_of(inner) for inner in value]
    return type(value).__name__
