import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.flows.models import BookingFlow, FlowStatus, FlowVersion
from apps.organizations.models import Role
from tests.factories.backoffice import Business, signed_in, whole_business
from tests.factories.flows import whole_flow
from tests.factories.organizations import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.routing import RouterFactory
from tests.flows.portable.support import file_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Business:
    return whole_business("Acme")


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


def flow_of(business: Business) -> BookingFlow:
    return BookingFlow.objects.for_organization(business.organization).get(pk=business.flow.flow.pk)


def retitle(business: Business, title: str) -> None:
    business.flow.selection.title = title
    business.flow.selection.save()


def text_of(response: Any) -> str:
    return str(response.content.decode())


class TestChanges:
    def test_shows_what_publishing_would_change_and_publishes(self, acme: Business) -> None:
        retitle(acme, "What can we do for you?")
        page = acme.client().get(url("flow_changes", acme.flow.flow.pk))
        assert "is now “What can we do for you?”" in text_of(page)
        assert "Publish 1 change" in text_of(page)
        done = acme.client().post(url("flow_changes", acme.flow.flow.pk), follow=True)
        assert "Customers see version 2 from now on." in text_of(done)
        live = flow_of(acme).published_version
        assert live is not None
        assert live.number == 2

    def test_says_when_nothing_has_changed(self, acme: Business) -> None:
        page = text_of(acme.client().get(url("flow_changes", acme.flow.flow.pk)))
        assert "Nothing has changed: customers see the draft as it is." in page
        assert "Publish" not in page.partition("bo-rota")[2]

    def test_compares_any_two_versions(self, acme: Business) -> None:
        retitle(acme, "Second")
        acme.flow.publish()
        retitle(acme, "Third")
        acme.flow.publish()
        page = acme.client().get(url("flow_changes", acme.flow.flow.pk), {"from": "1", "to": "2"})
        assert "is now “Second”" in text_of(page)
        assert "Third" not in text_of(page)

    def test_of_a_draft_with_problems_says_them_and_offers_no_button(self, acme: Business) -> None:
        acme.flow.selection.edges.all().delete()
        address = url("flow_changes", acme.flow.flow.pk)
        page = text_of(acme.client().get(address))
        assert "to mend before it can be published" in page
        assert "Publish 1" not in page
        acme.client().post(address)
        live = flow_of(acme).published_version
        assert live is not None
        assert live.number == 1

    def test_of_a_flow_that_was_never_published_offers_to(self, acme: Business) -> None:
        fresh = whole_flow(acme.organization).flow
        page = text_of(acme.client().get(url("flow_changes", fresh.pk)))
        assert "never published" in page
        acme.client().post(url("flow_changes", fresh.pk))
        fresh.refresh_from_db()
        assert fresh.status == FlowStatus.PUBLISHED

    @pytest.mark.parametrize("number", ["0", "7", "x", "9" * 30, "-1"])
    def test_of_a_version_that_is_not_there_is_not_found(self, acme: Business, number: str) -> None:
        page = acme.client().get(url("flow_changes", acme.flow.flow.pk), {"from": number})
        assert page.status_code == 404


class TestHistory:
    def test_lists_versions_with_what_they_changed(self, acme: Business) -> None:
        retitle(acme, "Second")
        acme.flow.publish()
        page = text_of(acme.client().get(url("flow_history", acme.flow.flow.pk)))
        assert "Service selection: 1 change" in page
        assert "The first version" in page
        assert page.count(">Live<") == 1
        assert "MST" in page

    def test_teaches_where_nothing_was_published(self, acme: Business) -> None:
        fresh = whole_flow(acme.organization).flow
        page = text_of(acme.client().get(url("flow_history", fresh.pk)))
        assert "Nothing was published yet" in page

    def test_goes_on_page_by_page_in_as_many_queries(self, acme: Business) -> None:
        counts = []
        client = acme.client()
        for number in range(24):
            retitle(acme, f"Title {number}")
            acme.flow.publish()
            if number in {1, 23}:
                with CaptureQueriesContext(connection) as queries:
                    page = text_of(client.get(url("flow_history", acme.flow.flow.pk)))
                counts.append(len(queries))
        assert counts[0] == counts[1]
        assert "?before=6" in page
        older = text_of(client.get(url("flow_history", acme.flow.flow.pk), {"before": "6"}))
        assert "The first version" in older
        assert "?before" not in older

    def test_shows_a_version(self, acme: Business) -> None:
        page = text_of(acme.client().get(url("flow_version", acme.flow.flow.pk, 1)))
        assert "What do you need?" in page
        assert acme.flow.service.title in page


class TestRestore:
    def test_shows_what_it_changes_and_does_it(self, acme: Business) -> None:
        before = acme.flow.selection.title
        retitle(acme, "Second")
        acme.flow.publish()
        client, address = acme.client(), url("flow_restore", acme.flow.flow.pk, 1)
        assert f"“Second” is now “{before}”" in text_of(client.get(address))
        done = text_of(client.post(address, follow=True))
        assert "Customers see version 3 now, which is as version 1 was." in done
        assert "go back to version 2" in done
        live = flow_of(acme).published_version
        assert live is not None
        assert live.number == 3

    def test_of_the_live_version_drops_the_drafts_changes(self, acme: Business) -> None:
        retitle(acme, "Never published")
        client, address = acme.client(), url("flow_restore", acme.flow.flow.pk, 1)
        assert "They are lost" in text_of(client.get(address))
        assert "as version 1 again" in text_of(client.post(address, follow=True))
        acme.flow.selection.refresh_from_db()
        assert acme.flow.selection.title != "Never published"


class TestFiles:
    def test_what_is_exported_can_be_imported(self, acme: Business) -> None:
        client = acme.client()
        response = client.get(url("flow_export", acme.flow.flow.pk))
        assert 'filename="' in response["Content-Disposition"]
        assert json.loads(response.content)["format"] == "wrkbelt-flow"
        upload = SimpleUploadedFile("flow.json", response.content)
        page = client.post(url("flow_import"), {"file": upload})
        assert "Here already, and used as it is" in text_of(page)
        assert BookingFlow.objects.for_organization(acme.organization).count() == 1
        form = {"text": page.context["text"], "step": "import", "organization": str(acme.organization.pk)}
        asked = {name: str(acme.location.pk) for name in page.context["asked"].fields}
        done = client.post(url("flow_import"), form | asked, follow=True)
        assert "as a draft that nobody sees yet" in text_of(done)
        assert BookingFlow.objects.for_organization(acme.organization).count() == 2

    def test_a_location_that_is_not_here_is_asked_for(self, acme: Business) -> None:
        client, text = acme.client(), file_with().decode()
        page = client.post(url("flow_import"), {"text": text})
        assert "“Downtown” in the file is" in text_of(page)
        again = client.post(url("flow_import"), {"text": text, "step": "import"})
        assert "Choose the location that is meant." in text_of(again)
        assert not BookingFlow.objects.for_organization(acme.organization).filter(title="Book a plumber")
        client.post(url("flow_import"), {"text": text, "step": "import", "location_0": str(acme.location.pk)})
        flow = BookingFlow.objects.for_organization(acme.organization).get(title="Book a plumber")
        [area] = flow.steps.get(step_type="zipcode").type_config["areas"]
        assert area["location_id"] == str(acme.location.pk)

    def test_a_file_that_is_wrong_is_explained_by_place(self, acme: Business) -> None:
        upload = SimpleUploadedFile("flow.json", file_with(steps__1__title=""))
        page = text_of(acme.client().post(url("flow_import"), {"file": upload}))
        assert "<code>steps[1].title</code>" in page

    def test_without_a_file_asks_for_one(self, acme: Business) -> None:
        assert "Choose a file." in text_of(acme.client().post(url("flow_import"), {}))

    def test_a_file_of_three_megabytes_is_refused(self, acme: Business) -> None:
        upload = SimpleUploadedFile("flow.json", b" " * 3_000_000)
        page = text_of(acme.client().post(url("flow_import"), {"file": upload}))
        assert "larger than 2 MB" in page

    def test_who_works_for_two_businesses_says_whose_flow_it_becomes(self, acme: Business) -> None:
        other = whole_business("Globex")
        user = UserFactory.create(is_staff=True)
        for business in (acme, other):
            MembershipFactory.create(organization=business.organization, user=user, role=Role.MANAGER)
        client, raw = signed_in(user), file_with(steps__0__settings=None)
        refused = client.post(url("flow_import"), {"file": SimpleUploadedFile("f.json", raw)})
        assert "This field is required" in text_of(refused)
        form = {"text": raw.decode(), "organization": str(other.organization.pk), "step": "import"}
        client.post(url("flow_import"), form)
        assert BookingFlow.objects.for_organization(other.organization).filter(title="Book a plumber")
        stranger = OrganizationFactory.create()
        client.post(url("flow_import"), form | {"organization": str(stranger.pk)})
        assert not BookingFlow.objects.for_organization(stranger).exists()

    def test_duplicates(self, acme: Business) -> None:
        done = acme.client().post(url("flow_duplicate", acme.flow.flow.pk), follow=True)
        assert "a draft of its own" in text_of(done)
        assert BookingFlow.objects.for_organization(acme.organization).count() == 2

    def test_nothing_is_duplicated_by_looking(self, acme: Business) -> None:
        assert acme.client().get(url("flow_duplicate", acme.flow.flow.pk)).status_code == 405


class TestDelete:
    def test_says_what_leads_to_the_flow(self, acme: Business) -> None:
        RouterFactory.create(organization=acme.organization, flow=acme.flow.flow)
        address = url("flow_delete", acme.flow.flow.pk)
        assert "Not yet: customers are led to it." in text_of(acme.client().get(address))
        acme.client().post(address)
        assert flow_of(acme).status == FlowStatus.PUBLISHED

    def test_deletes_what_nothing_leads_to(self, acme: Business) -> None:
        fresh = whole_flow(acme.organization).flow
        done = acme.client().post(url("flow_delete", fresh.pk), follow=True)
        assert "was deleted" in text_of(done)
        fresh.refresh_from_db()
        assert fresh.status == FlowStatus.DELETED


def every_page(flow: BookingFlow) -> list[str]:
    names = ["flow_export", "flow_duplicate", "flow_delete", "flow_changes", "flow_history"]
    return [
        *(url(name, flow.pk) for name in names),
        url("flow_version", flow.pk, 1),
        url("flow_restore", flow.pk, 1),
    ]


class TestAccess:
    def answers(self, client: Client, flow: BookingFlow) -> set[int]:
        pages = every_page(flow)
        return {answer.status_code for page in pages for answer in (client.get(page), client.post(page))}

    def test_another_businesss_flow_does_not_exist(self, acme: Business) -> None:
        before = FlowVersion.objects.for_organization(acme.organization).count()
        stranger = whole_business("Globex").client()
        assert self.answers(stranger, acme.flow.flow) <= {404, 405}
        assert FlowVersion.objects.for_organization(acme.organization).count() == before
        assert flow_of(acme).status == FlowStatus.PUBLISHED

    @pytest.mark.parametrize("role", [Role.SCHEDULER, Role.FRONTDESK])
    def test_who_has_other_work_may_not(self, acme: Business, role: str) -> None:
        client = acme.client(role)
        assert self.answers(client, acme.flow.flow) == {403}
        assert client.get(url("flow_import")).status_code == 403

    def test_who_has_not_signed_in_is_sent_to_do_so(self, acme: Business) -> None:
        assert self.answers(Client(), acme.flow.flow) == {302}

    def test_a_deleted_flow_does_not_exist(self, acme: Business) -> None:
        BookingFlow.objects.filter(pk=acme.flow.flow.pk).update(status=FlowStatus.DELETED)
        assert self.answers(acme.client(), acme.flow.flow) <= {404, 405}
