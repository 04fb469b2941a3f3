"""Flows in the back office: their steps, their publishing, their settings as forms."""

from typing import Any

import pytest
from django.test import Client

from apps.backoffice.step_forms import SETTINGS
from apps.flows.models import BookingFlow, BookingFlowStep, FlowVersion, StepType
from apps.flows.types import CONFIG_BY_STEP_TYPE
from tests.factories.backoffice import Business, whole_business
from tests.factories.flows import zipcode_config

pytestmark = pytest.mark.django_db
WORDS = {"title": "A step", "description": "", "icon": ""}


@pytest.fixture
def acme() -> Business:
    return whole_business()


def step_of(business: Business, kind: str) -> BookingFlowStep:
    return BookingFlowStep.objects.get(flow=business.flow.flow, step_type=kind)


def save(client: Client, step: BookingFlowStep, **fields: Any) -> Any:
    return client.post(f"/admin/flows/bookingflowstep/{step.pk}/change/", {**WORDS, **fields})


class TestPublish:
    def url(self, flow: BookingFlow) -> str:
        return f"/admin/flows/bookingflow/{flow.pk}/publish/"

    def test_asks_first_and_publishes_by_post(self, acme: Business) -> None:
        client, flow = acme.client(), acme.flow.flow
        BookingFlow.objects.filter(pk=flow.pk).update(title="Another title")

        asked = client.get(self.url(flow))
        assert "Publish this flow?" in asked.content.decode()
        assert FlowVersion.objects.filter(flow=flow).count() == 1

        answer = client.post(self.url(flow), {"_form_submitted": "1"}, follow=True)
        assert "Customers see version 2 from now on." in answer.content.decode()

    def test_says_in_words_what_is_wrong(self, acme: Business) -> None:
        step_of(acme, StepType.SUMMARY).delete()

        answer = acme.client().post(self.url(acme.flow.flow), {"_form_submitted": "1"}, follow=True)

        assert "The flow has no step “Summary”. Add one." in answer.content.decode()
        assert FlowVersion.objects.filter(flow=acme.flow.flow).count() == 1

    def test_does_not_reach_another_business(self, acme: Business) -> None:
        other = whole_business("Globex")
        BookingFlow.objects.filter(pk=other.flow.flow.pk).update(title="Another title")

        acme.client().post(self.url(other.flow.flow), {"_form_submitted": "1"})

        assert FlowVersion.objects.filter(flow=other.flow.flow).count() == 1

    def test_badge_says_when_the_draft_has_moved_on(self, acme: Business) -> None:
        client, url = acme.client(), f"/admin/flows/bookingflow/{acme.flow.flow.pk}/change/"
        assert "Published" in client.get(url).context["flow_badge"]

        acme.flow.service.title = "A new name of the service"
        acme.flow.service.save()

        assert "Needs publishing" in client.get(url).context["flow_badge"]


class TestNewFlow:
    def test_gets_the_steps_that_no_flow_can_do_without(self, acme: Business) -> None:
        acme.client().post("/admin/flows/bookingflow/add/", {**WORDS, "title": "Emergencies"})

        flow = BookingFlow.objects.get(title="Emergencies")
        assert flow.organization == acme.organization
        assert [step.step_type for step in flow.steps.all()] == [
            "service_selection",
            "details",
            "timeslot",
            "customer",
            "summary",
        ]


class TestOrderOfSteps:
    def test_two_steps_change_places(self, acme: Business) -> None:
        flow, steps = acme.flow.flow, list(acme.flow.flow.steps.order_by("position"))
        form: dict[str, Any] = {
            "title": flow.title,
            "description": "",
            "icon": "",
            "steps-TOTAL_FORMS": str(len(steps)),
            "steps-INITIAL_FORMS": str(len(steps)),
        }
        for index, step in enumerate(steps):
            form |= {
                f"steps-{index}-id": str(step.pk),
                f"steps-{index}-flow": str(flow.pk),
                f"steps-{index}-step_type": step.step_type,
                f"steps-{index}-title": step.title,
                f"steps-{index}-position": str({0: 1, 1: 0}.get(index, index)),
            }

        answer = acme.client().post(f"/admin/flows/bookingflow/{flow.pk}/change/", form)

        assert answer.status_code == 302, answer.context["errors"]
        after = [step.pk for step in flow.steps.order_by("position")]
        assert after[:2] == [steps[1].pk, steps[0].pk]


class TestSettingsOfAStep:
    def test_zip_codes_are_rows(self, acme: Business) -> None:
        step = step_of(acme, StepType.ZIPCODE)

        answer = save(
            acme.client(),
            step,
            **{
                "areas-rows": "2",
                "areas-0-location": str(acme.location.pk),
                "areas-0-zip_codes": "80202, 80203\n80204 80205",
                "areas-1-location": str(acme.location.pk),
                "areas-1-zip_codes": "80206",
                "areas-1-DELETE": "on",
                "outside_message": "Not there yet.",
            },
        )

        assert answer.status_code == 302, answer.context["errors"]
        step.refresh_from_db()
        assert step.type_config == {
            "areas": [
                {
                    "location_id": str(acme.location.pk),
                    "location_name": "Acme branch",
                    "zip_codes": ["80202", "80203", "80204", "80205"],
                }
            ],
            "outside_message": "Not there yet.",
        }

    def test_refuses_the_location_of_another_business(self, acme: Business) -> None:
        other, step = whole_business("Globex"), step_of(acme, StepType.ZIPCODE)
        before = step.type_config

        answer = save(
            acme.client(),
            step,
            **{"areas-rows": "1", "areas-0-location": str(other.location.pk), "areas-0-zip_codes": "80202"},
        )

        assert answer.status_code == 200
        step.refresh_from_db()
        assert step.type_config == before

    def test_questions_keep_their_keys_when_they_are_reworded(self, acme: Business) -> None:
        step, client = step_of(acme, StepType.DETAILS), acme.client()
        row = {"fields-rows": "1", "fields-0-kind": "select", "fields-0-max_length": "500"}
        save(client, step, **row, **{"fields-0-label": "Which floor?", "fields-0-options": "Ground\nFirst"})
        step.refresh_from_db()
        (made,) = step.type_config["fields"]
        assert (made["key"], [option["value"] for option in made["options"]]) == (
            "which_floor",
            ["ground", "first"],
        )

        save(
            client,
            step,
            **row,
            **{
                "fields-0-key": "which_floor",
                "fields-0-label": "On which floor is it?",
                "fields-0-options": "First\nSecond",
            },
        )

        step.refresh_from_db()
        (reworded,) = step.type_config["fields"]
        assert reworded["key"] == "which_floor"
        assert [option["value"] for option in reworded["options"]] == ["first", "second"]

    def test_a_list_without_choices_is_refused_in_words(self, acme: Business) -> None:
        answer = save(
            acme.client(),
            step_of(acme, StepType.DETAILS),
            **{
                "fields-rows": "1",
                "fields-0-label": "Floor",
                "fields-0-kind": "select",
                "fields-0-max_length": "50",
            },
        )

        assert "Write the choices, one a line." in answer.content.decode()

    @pytest.mark.parametrize("kind", sorted(set(CONFIG_BY_STEP_TYPE) - {"service_selection"}))
    def test_saving_a_page_as_it_is_changes_nothing(self, kind: str, acme: Business) -> None:
        step, client = step_of(acme, kind), acme.client()
        if kind == StepType.ZIPCODE:
            step.type_config = zipcode_config(location_id=acme.location.pk)
            step.save()
        page = client.get(f"/admin/flows/bookingflowstep/{step.pk}/change/")
        save(client, step, **sent_by(page.context["adminform"].form))
        step.refresh_from_db()
        once = step.type_config

        page = client.get(f"/admin/flows/bookingflowstep/{step.pk}/change/")
        answer = save(client, step, **sent_by(page.context["adminform"].form))

        assert answer.status_code == 302
        step.refresh_from_db()
        assert step.type_config == once
        assert once == CONFIG_BY_STEP_TYPE[kind].model_validate(once).model_dump(mode="json", by_alias=True)


def test_a_switch_lets_a_visit_be_for_several_services(acme: Business) -> None:
    step = step_of(acme, StepType.SERVICE_SELECTION)
    page = acme.client().get(f"/admin/flows/bookingflowstep/{step.pk}/change/")

    assert "Customers may book several services in one visit" in page.content.decode()
    settings = SETTINGS[StepType.SERVICE_SELECTION]
    assert settings.config({"allow_several": True}, {}, {}) == {"allow_several": True}
    assert settings.config({}, {}, {}) == {"allow_several": False}


def sent_by(form: Any) -> dict[str, Any]:
    """What a browser would send of an untouched page."""
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if not isinstance(value, list):
            sent[bound.name] = "" if value is None else value
            continue
        sent[f"{bound.name}-rows"] = len(value)
        for index, row in enumerate(value):
            sent |= {f"{bound.name}-{index}-{key}": item for key, item in row.items()}
    return {key: value for key, value in sent.items() if value is not False}


class TestGraph:
    def test_is_shown_as_customers_walk_it(self, acme: Business) -> None:
        step = acme.flow.selection

        page = acme.client().get(f"/admin/flows/bookingflowstep/{step.pk}/change/")

        assert [line.kind for line in page.context["outline"].lines] == ["question", "service"]

    def test_leads_to_its_editor(self, acme: Business) -> None:
        step = acme.flow.selection

        page = acme.client().get(f"/admin/flows/bookingflowstep/{step.pk}/change/")

        assert f"/admin/flows/steps/{step.pk}/graph/" in page.content.decode()
