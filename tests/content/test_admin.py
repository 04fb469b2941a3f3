"""Services, questions and headings in the back office: rules, uses, and what stays."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import AuditEntry
from apps.content.commands.switch_services import switch_services
from apps.content.models import BookingQuestion, BookingQuestionAnswer, BookingService
from apps.core.actors import Actor
from apps.core.errors import NotFound
from tests.factories.backoffice import Business, whole_business
from tests.factories.content import AnswerFactory, QuestionFactory, ServiceFactory
from tests.factories.flows import AnswerNodeFactory, EdgeFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/content/bookingservice/"


@pytest.fixture
def acme() -> Business:
    return whole_business("Acme")


@pytest.fixture
def client(acme: Business) -> Client:
    return acme.client()


def page_of(row: Any, page: str = "change") -> str:
    return reverse(f"admin:content_{row._meta.model_name}_{page}", args=[row.pk])


def sent(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send for a page that nobody has touched, with these changes."""
    context = client.get(url).context
    form = context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        for each in [inline.formset.management_form, *inline.formset.forms]:
            data |= {each.add_prefix(name): each[name].value() for name in each.fields}
    return {name: value for name, value in {**data, **changes}.items() if value not in (None, False)}


class TestService:
    def test_rules_for_changes_are_the_businesss_unless_it_has_its_own(
        self, acme: Business, client: Client
    ) -> None:
        service = acme.flow.service
        page = client.get(page_of(service)).content.decode()
        assert "In your business: until 24 h before the visit." in page

        client.post(
            page_of(service),
            sent(client, page_of(service), online_cancel="no", reschedule_notice_minutes="120"),
        )

        service.refresh_from_db()
        assert (service.online_cancel, service.online_reschedule) == (False, None)
        assert (service.cancel_notice_minutes, service.reschedule_notice_minutes) == (None, 120)

    def test_a_new_one_has_the_businesss_currency_unless_another_is_written(
        self, acme: Business, client: Client
    ) -> None:
        acme.organization.currency = "DKK"
        acme.organization.save()
        form = {"title": "Cut", "duration_minutes": "45", "vendor_type": "native", "active": "on"}

        client.post(f"{LIST}add/", form)
        client.post(f"{LIST}add/", {**form, "title": "Colour", "currency": "eur"})

        assert BookingService.objects.get(title="Cut").currency == "DKK"
        assert BookingService.objects.get(title="Colour").currency == "EUR"

    def test_its_page_says_where_it_is_used(self, acme: Business, client: Client) -> None:
        page = client.get(page_of(acme.flow.service)).content.decode()

        assert "Acme flow" in page
        assert "published: customers see version 1" in page

    def test_the_list_costs_the_same_for_many(self, acme: Business, client: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(LIST).status_code == 200
            return len(captured)

        queries()
        few = queries()
        ServiceFactory.create_batch(15, organization=acme.organization)

        assert queries() == few

    def test_the_list_can_be_narrowed_to_what_no_flow_leads_to(self, acme: Business, client: Client) -> None:
        lonely = ServiceFactory.create(organization=acme.organization, title="Lonely")

        found = client.get(LIST, {"in_flow": "no"}).context["cl"].result_list

        assert lonely in found
        assert acme.flow.service not in found


class TestDeletingAService:
    def test_that_is_used_is_refused_with_where(self, acme: Business, client: Client) -> None:
        service = acme.flow.service

        page = client.get(page_of(service, "delete")).content.decode()
        answer = client.post(page_of(service, "delete"), {"post": "yes"})

        assert "is in use and can't be deleted" in page
        assert "Acme flow" in page
        assert "Switch it off instead" in page
        assert answer.status_code == 200
        assert BookingService.objects.filter(pk=service.pk).exists()

    def test_in_bulk_deletes_none_if_one_is_used(self, acme: Business, client: Client) -> None:
        free = ServiceFactory.create(organization=acme.organization)
        chosen = {"action": "delete_selected", "_selected_action": [acme.flow.service.pk, free.pk]}

        page = client.post(LIST, {**chosen, "post": "yes"}).content.decode()

        assert "None of these was deleted" in page
        assert BookingService.objects.filter(pk__in=[acme.flow.service.pk, free.pk]).count() == 2

    def test_that_is_used_nowhere_is_done(self, acme: Business, client: Client) -> None:
        free = ServiceFactory.create(organization=acme.organization)

        client.post(page_of(free, "delete"), {"post": "yes"})

        assert not BookingService.objects.filter(pk=free.pk).exists()


class TestSwitching:
    def test_shows_what_it_means_does_it_and_brings_it_back(self, acme: Business, client: Client) -> None:
        service = acme.flow.service
        other = ServiceFactory.create(organization=acme.organization, active=False)
        chosen = {"action": "switch_off", "_selected_action": [service.pk, other.pk]}

        preview = client.post(LIST, chosen).content.decode()
        assert BookingService.objects.get(pk=service.pk).active
        assert "Switch 1 service off?" in preview
        assert "published: customers see version 1" in preview
        page = client.post(LIST, {**chosen, "confirm": "yes"}, follow=True).content.decode()
        assert not BookingService.objects.get(pk=service.pk).active
        assert "Undo" in page

        # The undo brings back what was switched, not what had been off before.
        undo = {"action": "switch_on", "confirm": "yes", "_selected_action": [service.pk]}
        assert f'name="_selected_action" value="{service.pk}"><button type="submit">Undo' in page
        client.post(LIST, undo)
        service.refresh_from_db()
        other.refresh_from_db()
        assert (service.active, other.active) == (True, False)
        assert AuditEntry.objects.filter(action__startswith="content.bookingservice.switched_").count() == 2

    def test_another_businesss_are_not_reached(self, acme: Business, client: Client) -> None:
        foreign = ServiceFactory.create()

        client.post(LIST, {"action": "switch_off", "confirm": "yes", "_selected_action": [foreign.pk]})

        foreign.refresh_from_db()
        assert foreign.active

    def test_the_command_switches_all_or_none(self, acme: Business) -> None:
        foreign = ServiceFactory.create()
        own = acme.flow.service

        with pytest.raises(NotFound):
            switch_services(
                actor=Actor.system(acme.organization.pk), service_ids=[own.pk, foreign.pk], active=False
            )

        own.refresh_from_db()
        assert own.active


class TestQuestion:
    def test_answers_are_kept_in_the_order_that_they_were_dragged_to(
        self, acme: Business, client: Client
    ) -> None:
        question = QuestionFactory.create(organization=acme.organization)
        first = AnswerFactory.create(question=question, title="Gas", sort_order=0)
        second = AnswerFactory.create(question=question, title="Electric", sort_order=1)
        data = sent(client, page_of(question))
        orders = {"answers-0-sort_order": "1", "answers-1-sort_order": "0"}

        client.post(page_of(question), {**data, **orders})

        ordered = BookingQuestionAnswer.objects.filter(question=question).order_by("sort_order")
        assert list(ordered) == [second, first]

    def test_its_page_says_where_it_and_each_answer_are_used(self, acme: Business, client: Client) -> None:
        question = acme.flow.question.question
        assert question is not None
        answer = AnswerFactory.create(question=question, title="Gas")
        node = AnswerNodeFactory.create(step=acme.flow.selection, answer=answer, answer_title="")
        EdgeFactory.create(source=acme.flow.question, target=node, position=5)

        page = client.get(page_of(question)).content.decode()

        assert "Answer “Gas”" in page
        assert "Used in" in page

    def test_an_answer_that_a_flow_shows_is_not_removed(self, acme: Business, client: Client) -> None:
        question = QuestionFactory.create(organization=acme.organization)
        answer = AnswerFactory.create(question=question, title="Gas")
        node = AnswerNodeFactory.create(step=acme.flow.selection, answer=answer, answer_title="")
        EdgeFactory.create(source=acme.flow.question, target=node, position=5)

        page = client.post(page_of(question), {**sent(client, page_of(question)), "answers-0-DELETE": "on"})

        assert page.status_code == 200
        assert "“Gas” can&#x27;t be removed, it is used: Flow “Acme flow”" in page.content.decode()
        assert BookingQuestionAnswer.objects.filter(pk=answer.pk).exists()

    def test_an_unused_answer_is_removed(self, acme: Business, client: Client) -> None:
        question = QuestionFactory.create(organization=acme.organization)
        AnswerFactory.create(question=question, title="Gas")

        client.post(page_of(question), {**sent(client, page_of(question)), "answers-0-DELETE": "on"})

        assert not question.answers.exists()

    def test_that_is_used_is_not_deleted(self, acme: Business, client: Client) -> None:
        question = acme.flow.question.question
        assert question is not None

        page = client.post(page_of(question, "delete"), {"post": "yes"}).content.decode()

        assert "is in use and can't be deleted" in page
        assert BookingQuestion.objects.filter(pk=question.pk).exists()
