"""The icons to choose from, and the fields that they are chosen in."""

import gzip
import json

import pytest
from django.test import Client
from django.urls import reverse

from apps.backoffice.icons import MEANINGS
from apps.content.models import BookingAnswerCategory
from apps.core.icons import icon_names, icon_path
from apps.organizations.models import Role
from tests.factories.backoffice import Business, whole_business

pytestmark = pytest.mark.django_db
CATEGORY = "admin:content_bookinganswercategory_add"


@pytest.fixture
def acme() -> Business:
    return whole_business()


class TestFile:
    def test_has_every_icon_and_may_be_kept(self, acme: Business) -> None:
        answer = acme.client(Role.FRONTDESK).get(reverse("admin:icons"))

        assert answer.json()["icons"]["flame"] == icon_path("flame")
        assert set(answer.json()["icons"]) == icon_names()
        assert answer["Cache-Control"] == "private, max-age=31536000, immutable"

    def test_comes_packed_to_whom_it_may(self, acme: Business) -> None:
        answer = acme.client().get(reverse("admin:icons"), headers={"Accept-Encoding": "gzip, br"})

        assert answer["Content-Encoding"] == "gzip"
        assert len(answer.content) < 100_000
        assert "flame" in json.loads(gzip.decompress(answer.content))["icons"]

    def test_is_for_staff(self) -> None:
        assert Client().get(reverse("admin:icons")).status_code == 302

    def test_what_people_call_them_leads_to_icons_that_there_are(self) -> None:
        assert {name for names in MEANINGS.values() for name in names} <= icon_names()


class TestField:
    @pytest.mark.parametrize(
        "page",
        [
            "admin:content_bookingservice_add",
            "admin:content_bookingquestion_add",
            CATEGORY,
            "admin:flows_schedulerconfig_add",
        ],
    )
    def test_is_in_every_form_that_has_an_icon(self, acme: Business, page: str) -> None:
        body = acme.client().get(reverse(page)).content.decode()

        assert "data-icon-field" in body
        assert "backoffice/icon_picker" in body

    def test_is_in_the_form_of_a_step_and_of_an_answer(self, acme: Business) -> None:
        step = reverse("admin:flows_bookingflowstep_change", args=[acme.flow.selection.pk])
        question = reverse("admin:content_bookingquestion_change", args=[acme.flow.question.question_id])

        assert "data-icon-field" in acme.client().get(step).content.decode()
        assert acme.client().get(question).content.decode().count("data-icon-field") > 1

    def test_refuses_what_there_is_not_and_says_what_was_meant(self, acme: Business) -> None:
        answer = acme.client().post(reverse(CATEGORY), {"title": "Heating", "icon": "flme"})

        errors = answer.context["adminform"].form.errors["icon"]
        assert errors == ["There is no icon “flme”. Did you mean “flame” or “film”?"]

    def test_turns_an_old_name_into_todays(self, acme: Business) -> None:
        acme.client().post(reverse(CATEGORY), {"title": "At home", "icon": "home"})

        assert BookingAnswerCategory.objects.get(title="At home").icon == "house"
