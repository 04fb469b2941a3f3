"""Settings of steps as forms: each comes back as it was saved, and is refused in words beside its field."""

from typing import Any

import pytest
from django.test import Client

from apps.backoffice.builder.step_form import SETTINGS
from apps.core.versions import version_of
from apps.flows.models import BookingFlowStep, StepType
from apps.flows.types import CONFIG_BY_STEP_TYPE
from tests.factories.availability import LocationFactory
from tests.factories.backoffice import Business, whole_business
from tests.factories.flows import zipcode_config

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {"title": "A step", "description": "", "icon": ""}


@pytest.fixture
def acme() -> Business:
    return whole_business()


def step_of(business: Business, kind: str) -> BookingFlowStep:
    return BookingFlowStep.objects.get(flow=business.flow.flow, step_type=kind)


def save(client: Client, step: BookingFlowStep, **fields: Any) -> Any:
    sent = {f"s-{name}": value for name, value in {**WORDS, **fields}.items()}
    return client.post(f"/admin/flows/steps/{step.pk}/", sent)


def config_of(step: BookingFlowStep) -> Any:
    step.refresh_from_db()
    return step.type_config


def areas(*rows: tuple[Any, str]) -> dict[str, Any]:
    sent: dict[str, Any] = {"areas-rows": str(len(rows))}
    for index, (location, codes) in enumerate(rows):
        sent |= {f"areas-{index}-location": str(location.pk), f"areas-{index}-zip_codes": codes}
    return sent


def questions(*rows: dict[str, Any]) -> dict[str, Any]:
    sent: dict[str, Any] = {"fields-rows": str(len(rows))}
    for index, row in enumerate(rows):
        sent |= {f"fields-{index}-{name}": value for name, value in {"kind": "text", **row}.items()}
    return sent


def problems(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestZipCodes:
    def test_lists_beginnings_and_ranges_are_kept_small(self, acme: Business) -> None:
        step = step_of(acme, StepType.ZIPCODE)
        LocationFactory.create(organization=acme.organization, name="Elsewhere")

        answer = save(
            acme.client(),
            step,
            **areas((acme.location, "80202, 80203\n80204 80206, 803*, 80401-80410, 80301")),
            outside_message="Not there yet.",
        )

        assert answer.status_code == 302, problems(answer)
        assert config_of(step) == {
            "areas": [
                {
                    "location_id": str(acme.location.pk),
                    "location_name": "Acme branch",
                    "zip_codes": ["80206"],
                    "zip_prefixes": ["803"],
                    "zip_ranges": [["80202", "80204"], ["80401", "80410"]],
                }
            ],
            "outside_message": "Not there yet.",
            "code_length": 5,
        }

    def test_rows_of_one_location_are_one_area(self, acme: Business) -> None:
        step = step_of(acme, StepType.ZIPCODE)
        save(acme.client(), step, **areas((acme.location, "80202"), (acme.location, "80204")))
        (area,) = config_of(step)["areas"]
        assert area["zip_codes"] == ["80202", "80204"]

    def test_a_removed_row_is_gone(self, acme: Business) -> None:
        step = step_of(acme, StepType.ZIPCODE)
        rows = areas((acme.location, "80202"), (acme.location, "80206"))
        save(acme.client(), step, **rows, **{"areas-1-DELETE": "on"})
        (area,) = config_of(step)["areas"]
        assert area["zip_codes"] == ["80202"]

    def test_no_code_of_two_locations(self, acme: Business) -> None:
        step, other = step_of(acme, StepType.ZIPCODE), LocationFactory.create(organization=acme.organization)
        before = config_of(step)

        answer = save(acme.client(), step, **areas((acme.location, "802*"), (other, "80205")))

        assert f"80205 belongs to both Acme branch and {other.name}: choose one of them." in problems(answer)
        assert config_of(step) == before

    def test_what_is_no_code_is_named_with_its_line(self, acme: Business) -> None:
        answer = save(
            acme.client(), step_of(acme, StepType.ZIPCODE), **areas((acme.location, "80202\nDenver"))
        )
        assert "Line 2: “Denver” is no zip code." in problems(answer)
        assert answer.context["form"]["areas"].value()[0]["zip_codes"].value() == "80202\nDenver"

    def test_refuses_the_location_of_another_business(self, acme: Business) -> None:
        other, step = whole_business("Globex"), step_of(acme, StepType.ZIPCODE)
        before = config_of(step)
        assert save(acme.client(), step, **areas((other.location, "80202"))).status_code == 200
        assert config_of(step) == before

    def test_thousands_of_codes_are_quick_and_stay_few(self, acme: Business) -> None:
        step = step_of(acme, StepType.ZIPCODE)
        codes = ", ".join(str(number) for number in range(10_000, 30_000) if number % 100)
        answer = save(acme.client(), step, **areas((acme.location, codes)))
        assert answer.status_code == 302
        (area,) = config_of(step)["areas"]
        assert (len(area["zip_codes"]), len(area["zip_ranges"])) == (0, 200)


class TestQuestions:
    def test_every_kind(self, acme: Business) -> None:
        step = step_of(acme, StepType.DETAILS)
        answer = save(
            acme.client(),
            step,
            **questions(
                {"label": "Gate code", "max_length": "20", "help_text": "If there is one", "required": "on"},
                {"label": "What happens?", "kind": "textarea", "max_length": "600"},
                {"label": "Floor", "kind": "select", "options": "Ground\nFirst\nGround"},
                {"label": "Any pets?", "kind": "yes_no", "options": "left over"},
                {"label": "How old is it?", "kind": "number", "max_length": "7"},
                {"label": "I may approve work", "kind": "checkbox"},
            ),
        )

        assert answer.status_code == 302, problems(answer)
        made = config_of(step)["fields"]
        assert [(field["key"], field["kind"]) for field in made] == [
            ("gate_code", "text"),
            ("what_happens", "textarea"),
            ("floor", "select"),
            ("any_pets", "yes_no"),
            ("how_old_is_it", "number"),
            ("i_may_approve_work", "checkbox"),
        ]
        assert (made[0]["required"], made[0]["max_length"], made[0]["help_text"]) == (
            True,
            20,
            "If there is one",
        )
        assert [option["label"] for option in made[2]["options"]] == ["Ground", "First"]
        assert (made[3]["options"], made[4]["max_length"]) == ([], 500)

    def test_stand_as_they_were_dragged(self, acme: Business) -> None:
        step = step_of(acme, StepType.DETAILS)
        save(acme.client(), step, **questions({"label": "B", "ORDER": "1"}, {"label": "A", "ORDER": "0"}))
        assert [field["label"] for field in config_of(step)["fields"]] == ["A", "B"]

    def test_keep_their_keys_when_they_are_reworded(self, acme: Business) -> None:
        step, client = step_of(acme, StepType.DETAILS), acme.client()
        save(
            client,
            step,
            **questions({"label": "Which floor?", "kind": "select", "options": "Ground\nFirst"}),
        )

        reworded = {"key": "which_floor", "label": "On which floor is it?", "kind": "select"}
        save(client, step, **questions({**reworded, "options": "First\nSecond"}))

        (field,) = config_of(step)["fields"]
        assert field["key"] == "which_floor"
        assert [option["value"] for option in field["options"]] == ["first", "second"]

    def test_a_list_without_choices_is_refused_in_words(self, acme: Business) -> None:
        step = step_of(acme, StepType.DETAILS)
        answer = save(acme.client(), step, **questions({"label": "Floor", "kind": "select"}))
        assert "Write the choices, one a line." in problems(answer)


class TestOthers:
    def test_times(self, acme: Business) -> None:
        step = step_of(acme, StepType.TIMESLOT)
        save(acme.client(), step, allow_resource_choice="on", location_id=str(acme.location.pk))
        assert config_of(step) == {
            "allow_resource_choice": True,
            "location_id": str(acme.location.pk),
            "location_name": "Acme branch",
        }

    def test_where_notice_is_set_is_said(self, acme: Business) -> None:
        step = step_of(acme, StepType.TIMESLOT)
        page = acme.client().get(f"/admin/flows/bookingflow/{step.flow_id}/change/?step={step.pk}")
        assert f"/admin/organizations/organization/{acme.organization.pk}/change/" in page.content.decode()

    def test_customer(self, acme: Business) -> None:
        step = step_of(acme, StepType.CUSTOMER)
        save(acme.client(), step, ask_email="required", ask_address="hidden", consent_text="We may call.")
        assert config_of(step) == {
            "fields": {"email": "required", "address": "hidden"},
            "consent_text": "We may call.",
        }

    def test_summary(self, acme: Business) -> None:
        step = step_of(acme, StepType.SUMMARY)
        save(acme.client(), step, policy_text="Free until then.", confirm_label="Book it")
        assert config_of(step) == {"policy_text": "Free until then.", "confirm_label": "Book it"}

    def test_several_services(self, acme: Business) -> None:
        step = step_of(acme, StepType.SERVICE_SELECTION)
        save(acme.client(), step, allow_several="on")
        assert config_of(step) == {"allow_several": True}


class TestWords:
    def test_are_saved_with_the_settings(self, acme: Business) -> None:
        step = step_of(acme, StepType.SUMMARY)
        save(acme.client(), step, title="All right?", description="Look again.", icon="check")
        step.refresh_from_db()
        assert step.content() == {"title": "All right?", "description": "Look again.", "icon": "check"}

    @pytest.mark.parametrize("fields", [{"title": ""}, {"icon": "no-such-icon"}])
    def test_are_refused_beside_their_field(self, fields: dict[str, str], acme: Business) -> None:
        answer = save(acme.client(), step_of(acme, StepType.SUMMARY), **fields)
        assert set(answer.context["form"].errors) == set(fields)

    def test_over_somebody_else_s_are_refused_with_everything_typed(self, acme: Business) -> None:
        step, client = step_of(acme, StepType.SUMMARY), acme.client()
        seen = version_of(step)
        save(client, step, title="Theirs")

        answer = save(client, step, title="Mine", policy_text="My policy", seen_version=seen)

        form = answer.context["form"]
        assert "They have now – Title: “Theirs”." in str(form.non_field_errors())
        assert (form["title"].value(), form["policy_text"].value()) == ("Mine", "My policy")
        again = save(client, step, title="Mine", seen_version=form["seen_version"].value())
        assert again.status_code == 302
        step.refresh_from_db()
        assert step.title == "Mine"


@pytest.mark.parametrize("kind", sorted(CONFIG_BY_STEP_TYPE))
def test_saving_a_form_as_it_is_changes_nothing(kind: str, acme: Business) -> None:
    step, client = step_of(acme, kind), acme.client()
    if kind == StepType.ZIPCODE:
        step.type_config = zipcode_config(location_id=acme.location.pk)
        step.save()
    page_url = f"/admin/flows/bookingflow/{step.flow_id}/change/?step={step.pk}"
    assert client.post(f"/admin/flows/steps/{step.pk}/", sent_by(client, page_url)).status_code == 302
    once = config_of(step)

    answer = client.post(f"/admin/flows/steps/{step.pk}/", sent_by(client, page_url))

    assert answer.status_code == 302
    assert config_of(step) == once
    assert once == CONFIG_BY_STEP_TYPE[kind].model_validate(once).model_dump(mode="json", by_alias=True)
    assert kind in SETTINGS


def sent_by(client: Client, page_url: str) -> dict[str, Any]:
    """What a browser would send of an untouched form."""
    form, sent = client.get(page_url).context["form"], {}
    for bound in form:
        value = bound.value()
        if not isinstance(value, list):
            sent[bound.html_name] = "" if value is None else value
            continue
        sent[f"{bound.html_name}-rows"] = len(value)
        for index, row in enumerate(value):
            sent |= {f"{bound.html_name}-{index}-{key}": item for key, item in row.items()}
    return {key: value for key, value in sent.items() if value is not False}
