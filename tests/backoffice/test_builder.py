"""The flow's page: its cards, how the draft stands, and everything that one does on it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.core.clock import app_now
from apps.core.ids import new_id
from apps.core.versions import version_of
from apps.flows.commands.switch_step import switch_step
from apps.flows.drafts import steps_of
from apps.flows.models import BookingFlow, BookingFlowStep, FlowVersion, StepType
from apps.organizations.models import Role
from apps.organizations.staff import actor_of
from apps.routing.models import BookingFlowRouter
from apps.sessions.models import BookingSession
from tests.factories.backoffice import Business, whole_business
from tests.factories.flows import FlowFactory, QuestionNodeFactory, zipcode_config

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acme() -> Business:
    business = whole_business()
    BookingFlowStep.objects.filter(flow=business.flow.flow, step_type=StepType.ZIPCODE).update(
        type_config=zipcode_config(location_id=business.location.pk)
    )
    return business


def step_of(business: Business, kind: str) -> BookingFlowStep:
    return BookingFlowStep.objects.get(flow=business.flow.flow, step_type=kind)


def page_url(business: Business, opened: Any = None) -> str:
    url = f"/admin/flows/bookingflow/{business.flow.flow.pk}/change/"
    return f"{url}?step={opened}" if opened else url


def do(client: Client, business: Business, what: str, **data: Any) -> Any:
    return client.post(f"/admin/flows/build/{business.flow.flow.pk}/{what}/", data, follow=True)


def kinds(business: Business) -> list[str]:
    return [step.step_type for step in steps_of(business.flow.flow)]


def said(page: Any) -> str:
    return " ".join(str(message) for message in page.context["messages"])


class TestCards:
    def test_say_in_a_sentence_what_each_step_does(self, acme: Business) -> None:
        page = acme.client().get(page_url(acme))

        assert [card.summary for card in page.context["cards"]] == [
            "Serves 1 zip code in Downtown.",
            "1 question that leads to 1 service; one service a visit.",
            "Asks nothing yet, so customers skip it.",
            "Customers choose a time.",
            "Asks for name, phone, e-mail if they like and address if they like.",
            "Shows no policy; the button says the day and time.",
        ]

    def test_show_what_is_wrong_and_the_way_to_mend_it(self, acme: Business) -> None:
        QuestionNodeFactory.create(step=acme.flow.selection)

        page = acme.client().get(page_url(acme))

        (card,) = [card for card in page.context["cards"] if card.problems]
        assert card.step == acme.flow.selection
        assert f"/admin/flows/steps/{acme.flow.selection.pk}/graph/" in page.content.decode()
        assert not page.context["standing"].can_publish

    def test_offer_the_kinds_that_are_not_there(self, acme: Business) -> None:
        step_of(acme, StepType.DETAILS).delete()

        page = acme.client().get(page_url(acme))

        assert [kind.key for kind in page.context["missing"]] == ["details"]

    def test_cost_as_many_queries_whatever_the_flow(
        self, acme: Business, django_assert_num_queries: Any
    ) -> None:
        client = acme.client()
        client.get(page_url(acme))
        with django_assert_num_queries(12):
            client.get(page_url(acme, step_of(acme, StepType.ZIPCODE).pk))
        for _ in range(20):
            QuestionNodeFactory.create(step=acme.flow.selection)
            FlowFactory.create(organization=acme.organization)
        with django_assert_num_queries(12):
            client.get(page_url(acme, step_of(acme, StepType.ZIPCODE).pk))


class TestStanding:
    def test_says_since_when_customers_see_what(self, acme: Business, set_now: Any) -> None:
        acme.flow.publish()
        page = acme.client().get(page_url(acme))
        assert page.context["standing"].sentence == (
            "Customers see version 2 since Monday 08:00 (Denver). The draft is the same."
        )

    def test_counts_and_names_what_differs(self, acme: Business) -> None:
        acme.flow.publish()
        step = step_of(acme, StepType.SUMMARY)
        step.title, step.type_config = "All right?", {"policy_text": "Free until the day before."}
        step.save()

        standing = acme.client().get(page_url(acme)).context["standing"]

        assert standing.sentence.endswith("The draft differs: 2 changes.")
        assert [change.split(":")[0] for change in standing.changes] == ["All right?", "All right?"]
        assert "Free until the day before." in standing.changes[1]
        assert "Needs publishing" in standing.badge

    @pytest.mark.parametrize(
        ("rules", "others", "words"),
        [
            (True, False, "1 routing rule leads to this flow."),
            (False, False, "It is your only flow, so every page opens it once it is published."),
            (False, True, "You have several flows and no routing rules"),
        ],
    )
    def test_says_who_is_led_here(self, *, rules: bool, others: bool, words: str, acme: Business) -> None:
        if not rules:
            BookingFlowRouter.objects.all().delete()
        if others:
            version = acme.flow.flow.published_version
            other = FlowFactory.create(organization=acme.organization)
            copy = FlowVersion.objects.create(
                organization=acme.organization,
                flow=other,
                number=1,
                document=version.document if version else {},
                digest="0" * 64,
                created_by="somebody",
                created_at=other.created_at,
            )
            other.mark_published(copy)
            other.save()

        (hint,) = acme.client().get(page_url(acme)).context["standing"].hints

        assert hint.words.startswith(words)

    def test_warns_where_the_rules_lead_to_other_flows(self, acme: Business) -> None:
        draft = FlowFactory.create(organization=acme.organization)
        page = acme.client().get(f"/admin/flows/bookingflow/{draft.pk}/change/")
        (hint,) = page.context["standing"].hints
        assert hint.words == "No routing rule leads to this flow yet, so no page opens it."
        assert hint.url.endswith(f"?flow={draft.pk}")


class TestMove:
    def test_takes_the_order_that_was_dragged(self, acme: Business) -> None:
        ids = [str(step.pk) for step in steps_of(acme.flow.flow)]
        wanted = [ids[1], ids[0], *ids[2:]]

        page = do(acme.client(), acme, "move", order=",".join(wanted), seen=",".join(ids))

        assert kinds(acme)[:2] == ["service_selection", "zipcode"]
        assert "Moved." in said(page)

    @pytest.mark.parametrize(("way", "kind", "place"), [("up", "details", 1), ("down", "details", 3)])
    def test_one_step_goes_up_or_down_without_a_program(
        self, way: str, kind: str, place: int, acme: Business
    ) -> None:
        do(acme.client(), acme, "move", **{way: str(step_of(acme, kind).pk)})
        assert kinds(acme).index(kind) == place

    def test_says_that_others_have_moved_them_meanwhile(self, acme: Business) -> None:
        client, ids = acme.client(), [str(step.pk) for step in steps_of(acme.flow.flow)]
        do(client, acme, "move", up=ids[1])

        page = do(client, acme, "move", order=",".join([*ids[:-2], ids[-1], ids[-2]]), seen=",".join(ids))

        assert "Somebody else changed the steps meanwhile" in said(page)
        assert kinds(acme)[-1] == "summary"

    def test_an_order_that_makes_no_sense_is_explained_and_not_published(self, acme: Business) -> None:
        client = acme.client()
        page = do(client, acme, "move", up=str(step_of(acme, StepType.SUMMARY).pk))
        (remedy,) = page.context["standing"].remedies
        assert remedy.problem.message.startswith("“Summary” sums everything up")

        do(client, acme, "publish")

        assert FlowVersion.objects.filter(flow=acme.flow.flow).count() == 1


class TestAddAndRemove:
    def test_a_removed_step_comes_back_by_undo(self, acme: Business) -> None:
        client, before = acme.client(), kinds(acme)

        page = client.post(f"/admin/flows/steps/{acme.flow.selection.pk}/remove/")
        assert "was removed, with its 2 questions, answers and services." in said(page)
        assert "service_selection" not in kinds(acme)
        back = do(client, acme, "restore", undo=page.context["undo"])

        assert "is back." in said(back)
        assert kinds(acme) == before
        assert acme.flow.selection.nodes.count() == 2

    def test_the_way_back_cannot_be_made_up(self, acme: Business) -> None:
        page = do(acme.client(), acme, "restore", undo="made:up")
        assert "It is too late" in said(page)

    def test_the_way_back_of_another_business_is_none(self, acme: Business) -> None:
        other = whole_business("Globex")
        removed = other.client().post(f"/admin/flows/steps/{other.flow.selection.pk}/remove/")

        do(acme.client(), acme, "restore", undo=removed.context["undo"])

        assert "service_selection" not in kinds(other)

    def test_an_added_step_is_open(self, acme: Business) -> None:
        step_of(acme, StepType.DETAILS).delete()

        page = do(acme.client(), acme, "add", step_type="details")

        assert page.context["opened"].step_type == "details"
        assert kinds(acme).count("details") == 1

    def test_a_step_is_switched_off_and_on(self, acme: Business) -> None:
        client, step = acme.client(), step_of(acme, StepType.DETAILS)
        client.post(f"/admin/flows/steps/{step.pk}/switch/", {"active": "0"})
        step.refresh_from_db()
        assert not step.active
        client.post(f"/admin/flows/steps/{step.pk}/switch/", {"active": "1"})
        step.refresh_from_db()
        assert step.active


class TestPublish:
    def test_shows_the_draft_to_customers(self, acme: Business) -> None:
        BookingFlow.objects.filter(pk=acme.flow.flow.pk).update(title="Another title")

        page = do(acme.client(), acme, "publish")

        assert "Customers see version 2 from now on." in said(page)

    def test_says_in_words_what_is_wrong(self, acme: Business) -> None:
        step_of(acme, StepType.SUMMARY).delete()

        page = do(acme.client(), acme, "publish")

        assert "The flow has no step “Summary”. Add one." in said(page)
        assert FlowVersion.objects.filter(flow=acme.flow.flow).count() == 1


class TestFlowItself:
    def test_gets_another_name(self, acme: Business) -> None:
        flow = acme.flow.flow
        seen = {f"seen_{name}": value for name, value in flow.content().items()}

        do(acme.client(), acme, "words", title="Emergencies", description="", icon="", **seen)

        flow.refresh_from_db()
        assert flow.title == "Emergencies"

    def test_does_not_overwrite_a_name_that_was_not_seen(self, acme: Business) -> None:
        page = do(acme.client(), acme, "words", title="Emergencies", seen_title="Something else")

        form = page.context["form"]
        assert "Somebody else changed this meanwhile." in str(form.errors)
        assert form["title"].value() == "Emergencies"
        assert form["seen_title"].value() == acme.flow.flow.title


class TestStart:
    def test_a_name_is_enough(self, acme: Business) -> None:
        page = acme.client().post("/admin/flows/start/", {"title": "Emergencies"}, follow=True)

        flow = BookingFlow.objects.get(title="Emergencies")
        assert flow.organization == acme.organization
        assert len(page.context["cards"]) == 5

    def test_there_are_other_beginnings_for_those_who_may(self, acme: Business) -> None:
        page = acme.client().get("/admin/flows/start/")
        assert [start.url for start in page.context["starts"]] == [
            "/admin/start/#template",
            "/admin/flows/import/",
        ]

    def test_needs_a_name(self, acme: Business) -> None:
        page = acme.client().post("/admin/flows/start/", {"title": " "})
        assert "title" in page.context["form"].errors

    def test_asks_for_the_business_where_there_are_several(self, acme: Business) -> None:
        other, both = whole_business("Globex"), acme.staff()
        other.organization.memberships.create(user=both, role=Role.MANAGER)
        client = Client()
        client.force_login(both)

        refused = client.post("/admin/flows/start/", {"title": "New"})
        made = client.post(
            "/admin/flows/start/", {"title": "New", "organization": str(other.organization.pk)}
        )

        assert "organization" in refused.context["form"].errors
        assert made.status_code == 302
        assert BookingFlow.objects.get(title="New").organization == other.organization


class TestList:
    def test_shows_rules_and_visits(self, acme: Business, django_assert_num_queries: Any) -> None:
        BookingSession.objects.update(created_at=app_now())
        client = acme.client()
        client.get("/admin/flows/bookingflow/")
        for _ in range(5):
            FlowFactory.create(organization=acme.organization)
        with django_assert_num_queries(7):
            page = client.get("/admin/flows/bookingflow/")
        rows = {flow.title: (flow.rules, flow.visits_of_a_week) for flow in page.context["cl"].result_list}
        assert rows["Acme flow"] == (1, 1)
        assert rows["Book a visit"] == (0, 0)

    def test_visits_of_older_weeks_do_not_count(self, acme: Business, set_now: Any) -> None:
        BookingSession.objects.update(created_at=app_now())
        set_now(app_now() + timedelta(days=8))
        page = acme.client().get("/admin/flows/bookingflow/")
        assert [flow.visits_of_a_week for flow in page.context["cl"].result_list] == [0]


class TestZipCodes:
    def read(self, business: Business, **data: Any) -> str:
        url = f"/admin/flows/build/{business.flow.flow.pk}/zip-codes/"
        answer: str = business.client().post(url, data).content.decode()
        return answer

    def test_says_what_was_understood(self, acme: Business) -> None:
        answer = self.read(acme, text="80202-80211, 80202, 803*")
        assert "10 zip codes and all that begin with 803" in answer

    def test_says_by_line_what_was_not(self, acme: Business) -> None:
        assert "Line 2: “Denver” is no zip code." in self.read(acme, text="80202\nDenver")

    def test_reads_a_file_and_offers_what_it_says(self, acme: Business) -> None:
        file = SimpleUploadedFile("codes.csv", b"City,Zip code\nDenver,80202\nDenver,80203\nDenver,80204\n")
        answer = self.read(acme, file=file)
        assert "3 zip codes" in answer
        assert ">80202-80204</textarea>" in answer

    def test_escapes_what_people_wrote(self, acme: Business) -> None:
        assert "<b>" not in self.read(acme, text="<b>1</b>")

    def test_refuses_a_spreadsheet(self, acme: Business) -> None:
        assert "Save your list as CSV" in self.read(acme, file=SimpleUploadedFile("a.xlsx", b"PK\x00\x01"))


class TestWhoMay:
    def urls(self, business: Business) -> list[str]:
        flow, step = business.flow.flow.pk, business.flow.selection.pk
        return [
            *(
                f"/admin/flows/build/{flow}/{what}/"
                for what in ("move", "add", "restore", "words", "publish", "zip-codes")
            ),
            *(f"/admin/flows/steps/{step}/{what}" for what in ("", "switch/", "remove/")),
        ]

    def test_another_business_s_flow_does_not_exist(self, acme: Business) -> None:
        other = whole_business("Globex")
        before = kinds(other)
        client = acme.client()
        statuses = {url: client.post(url, {"step_type": "details"}).status_code for url in self.urls(other)}
        assert set(statuses.values()) == {404}, statuses
        assert kinds(other) == before

    @pytest.mark.parametrize("role", [Role.SCHEDULER, Role.FRONTDESK])
    def test_other_roles_are_turned_away(self, role: Role, acme: Business) -> None:
        client = acme.client(role)
        statuses = {url: client.post(url).status_code for url in self.urls(acme)}
        assert set(statuses.values()) == {403}, statuses

    def test_a_step_s_old_address_opens_its_card(self, acme: Business) -> None:
        step = step_of(acme, StepType.DETAILS)
        page = acme.client().get(f"/admin/flows/bookingflowstep/{step.pk}/change/")
        assert page.context["opened"] == step

    def test_a_deleted_flow_is_gone(self, acme: Business) -> None:
        BookingFlow.objects.filter(pk=acme.flow.flow.pk).update(status="deleted")
        assert acme.client().get(page_url(acme)).status_code == 302

    def test_an_id_of_nothing_is_none(self, acme: Business) -> None:
        assert acme.client().get(f"/admin/flows/steps/{new_id()}/").status_code == 404


def test_a_step_that_is_off_says_so_on_its_card(acme: Business) -> None:
    member = acme.staff().memberships.get()
    step = switch_step(actor=actor_of(member), step_id=step_of(acme, StepType.DETAILS).id, active=False)
    page = acme.client().get(page_url(acme)).content.decode()
    assert f'id="step-{step.pk}"' in page
    assert "bo-card-off" in page
    assert version_of(step)


def test_what_was_done_to_a_flow_is_found_from_its_page(acme: Business) -> None:
    client = acme.client()
    do(client, acme, "move", up=str(step_of(acme, StepType.DETAILS).pk))
    url = f"/admin/audit/auditentry/?q={acme.flow.flow.pk}"
    assert url in client.get(page_url(acme)).content.decode()
    assert "Steps moved" in client.get(url).content.decode()
