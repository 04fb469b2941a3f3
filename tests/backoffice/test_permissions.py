"""Nobody sees or touches another business: every address of the back office, as its resolver lists them.

A new page is crawled without being named here; one with an id of a new kind fails until somebody says whose.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.forms import ModelChoiceField
from django.http import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.availability.commands.add_reminder import add_reminder
from apps.content.admin import ServiceAdmin
from apps.content.models import BookingService
from apps.core.actors import Actor
from apps.core.ids import new_id
from apps.organizations.models import Organization, Role
from tests.availability.time_off.support import away
from tests.backoffice.crawl import Address, addresses, everything_of, rows_of
from tests.backoffice.test_every_page import PLATFORM
from tests.factories.backoffice import Business, signed_in, whole_business
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db

ADDRESSES = addresses()
WITH_IDS = [each for each in ADDRESSES if each.parameters]
WITHOUT_IDS = [each for each in ADDRESSES if not each.parameters]
# Of what platform operators keep, no business has rows.
NOBODYS = {label for label in PLATFORM if label != "organizations.user"}
# Whatever a page or a form may ask to be confirmed by.
YES = {"post": "yes", "confirm": "yes", "_form_submitted": "1", "action": "switch_off", "apply": "1"}
SHUT = {302, 400, 403, 404, 405, 415}


@pytest.fixture
def acme() -> Business:
    return furnished(whole_business("Acme"))


@pytest.fixture
def globex() -> Business:
    return furnished(whole_business("Globex"))


def furnished(business: Business) -> Business:
    """With time off and a reminder, which the rota's pages name, and somebody who works there."""
    name, actor = business.organization.name, Actor.system(business.organization.pk)
    away(business.person, hour=20, note=f"{name} dentist")
    start = business.slot.start_at
    add_reminder(actor=actor, resource_id=business.person.pk, starts_at=start, note=f"{name} note")
    business.staff(email=f"{name.lower()}@staff.example", first_name=name)
    return business


def ids_of(address: Address, organization_id: UUID) -> list[dict[str, Any]]:
    """Ids of this business for an address; where one is of nobody, an id that there is not."""
    rows = [
        [new_id()] if label in NOBODYS else [row.pk for row in rows_of(model, organization_id)]
        for label, model in ((m._meta.label_lower, m) for m in map(address.model_of, address.parameters))
    ]
    return [dict(zip(address.parameters, ids, strict=True)) for ids in zip(*rows, strict=False)]


def body_of(response: HttpResponseBase) -> str:
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]  # either kind has one
    text: str = content.decode(errors="replace")
    return text


def leaks(client: Client, address: Address, ids: dict[str, Any]) -> Iterator[str]:
    """What a stranger gets to see by an address, in words."""
    url = address.url(ids)
    for method in ("get", "post", "put", "patch", "delete"):
        sent = {"data": YES} if method == "post" else {}
        response = getattr(client, method)(url, **sent)
        if "Globex" in body_of(response):
            yield f"{method} {url} shows the other's data"
        if method == "get" and response.status_code not in SHUT and not is_a_question(response):
            yield f"{method} {url} answers {response.status_code}"


def is_a_question(response: Any) -> bool:
    """unfold's dialogs ask before they look at the row; what they then do is looked at by `everything_of`."""
    return b"_form_submitted" in response.content


def test_every_id_in_an_address_is_known(acme: Business) -> None:
    for address in WITH_IDS:
        assert ids_of(address, acme.organization.pk), f"The tests' business has nothing for {address.route}."


def test_the_crawl_knows_our_own_pages_and_those_of_every_model() -> None:
    names = {each.name for each in ADDRESSES}

    assert {"roster", "icons", "flow_graph", "content_bookingservice_change"} <= names
    assert {
        f"{page.opts.app_label}_{page.opts.model_name}_changelist" for page in admin.site._registry.values()
    } <= names
    assert len(WITH_IDS) > 100


class TestAnotherBusinesssIds:
    @pytest.mark.parametrize("part", range(4))
    def test_open_nothing_and_change_nothing(self, acme: Business, globex: Business, part: int) -> None:
        client = acme.client()
        before = everything_of(globex.organization.pk)

        found = [
            leak
            for address in WITH_IDS[part::4]
            for ids in ids_of(address, globex.organization.pk)[:1]
            for leak in leaks(client, address, ids)
        ]

        assert found == []
        assert everything_of(globex.organization.pk) == before
        assert len(before) > 30

    def test_named_to_pages_without_ids_show_and_change_nothing(
        self, acme: Business, globex: Business
    ) -> None:
        client, found = acme.client(), []
        before = everything_of(globex.organization.pk)
        named = foreign_values(globex)
        pages = [each for each in WITHOUT_IDS if not (each.name or "").endswith(("_changelist", "_add"))]
        for address in pages:
            for name, value in named.items():
                response = client.get(address.url({}), {name: str(value)})
                if "Globex" in body_of(response):
                    found.append(f"{address.route}?{name}=…")
            response = client.post(
                address.url({}), {**YES, **{name: str(value) for name, value in named.items()}}
            )
            if "Globex" in body_of(response):
                found.append(f"POST {address.route}")

        assert found == []
        assert everything_of(globex.organization.pk) == before

    def test_chosen_in_lists_are_out_of_every_actions_reach(self, acme: Business, globex: Business) -> None:
        client = acme.client()
        before = everything_of(globex.organization.pk)
        request = RequestFactory().get("/")
        request.user = acme.staff()
        for page in admin.site._registry.values():
            ids = [row.pk for row in rows_of(page.model, globex.organization.pk)]
            url = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
            for action in page.get_actions(request):
                response = client.post(url, {**YES, "action": action, "_selected_action": ids})
                assert "Globex" not in body_of(response), (url, action)

        assert everything_of(globex.organization.pk) == before


def foreign_values(globex: Business) -> dict[str, Any]:
    """What a page may be asked about, of the other business."""
    version = globex.flow.flow.published_version
    assert version is not None
    return {
        "location": globex.location.pk,
        "resource": globex.person.pk,
        "person": globex.person.pk,
        "source": globex.person.pk,
        "service": globex.flow.service.pk,
        "service_id": globex.flow.service.pk,
        "flow": globex.flow.flow.pk,
        "step": globex.flow.selection.pk,
        "version": version.pk,
        "organization": globex.organization.pk,
        "organization_id": globex.organization.pk,
        "brand_kit": globex.organization.brand_kits.get().pk,
        "config_id": globex.organization.scheduler_configs.get().pk,
    }


class TestOwnPages:
    def test_never_name_another_business(self, acme: Business, globex: Business) -> None:
        client = acme.client()
        urls = [address.url({}) for address in WITHOUT_IDS]
        urls += [
            address.url(ids) for address in WITH_IDS for ids in ids_of(address, acme.organization.pk)[:1]
        ]

        shown = [url for url in urls if "Globex" in body_of(client.get(url))]

        assert shown == []

    def test_popups_searches_and_filters_find_nothing_of_another_business(
        self, acme: Business, globex: Business
    ) -> None:
        client, found = acme.client(), []
        for page in admin.site._registry.values():
            url = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
            if client.get(url).status_code != 200:
                continue
            if "Globex" in body_of(client.get(url, {"_popup": "1", "_to_field": "id"})):
                found.append(f"{url} as a popup")
            # The words are shown in the search field, so what counts is what was found.
            if page.search_fields and client.get(url, {"q": "Globex"}).context["cl"].result_count:
                found.append(f"{url} by search")
            for field in page.opts.fields:
                target: Any = field.related_model
                for row in rows_of(target, globex.organization.pk)[:1] if target else []:
                    answer = client.get(url, {f"{field.name}__id__exact": str(row.pk)}, follow=True)
                    if "Globex" in body_of(answer):
                        found.append(f"{url} by {field.name}")

        assert found == []

    def test_autocompletion_offers_nothing_of_another_business(
        self, acme: Business, globex: Business
    ) -> None:
        client, url = acme.client(), reverse("admin:autocomplete")
        asked = 0
        for page in admin.site._registry.values():
            for field in page.opts.fields:
                if field.is_relation:
                    of: dict[str, Any] = {
                        "app_label": page.opts.app_label,
                        "model_name": page.opts.model_name,
                    }
                    answer = client.get(url, {**of, "field_name": field.name, "term": ""})
                    assert "Globex" not in body_of(answer), (of, field.name)
                    asked += 1

        assert asked > 20


class TestForms:
    def test_refuse_every_row_of_another_business(self, acme: Business, globex: Business) -> None:
        client, tried = acme.client(), 0
        for page in admin.site._registry.values():
            response = client.get(reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_add"))
            if response.status_code != 200 or "inline_admin_formsets" not in response.context:
                continue
            inlines = [inline.formset.empty_form for inline in response.context["inline_admin_formsets"]]
            for form in [response.context["adminform"].form, *inlines]:
                for name, field in form.fields.items():
                    if name == form.instance._meta.pk.name:
                        continue  # a formset's own hidden ids, which Django looks up among the page's rows
                    tried += self.offered(field, f"{page.opts.label}.{name}", globex)

        assert tried > 8

    def offered(self, field: Any, name: str, globex: Business) -> int:
        """How many foreign rows were held against the field; none of them may be among its choices."""
        if not isinstance(field, ModelChoiceField) or field.queryset is None:
            return 0
        foreign = rows_of(field.queryset.model, globex.organization.pk)
        for row in foreign:
            assert not field.queryset.filter(pk=row.pk).exists(), f"{name} offers {row}"
        return len(foreign)


class TestTheCrawlItself:
    def test_catches_an_admin_that_forgets_whose_rows_it_shows(
        self, acme: Business, globex: Business, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ServiceAdmin, "get_queryset", lambda *_args: BookingService.objects.all())
        monkeypatch.setattr(ServiceAdmin, "_works_here", lambda *_args: True)
        client = acme.client()
        before = everything_of(globex.organization.pk)
        unscoped = [each for each in WITH_IDS if each.route.startswith("content/bookingservice/")]

        found = [
            leak
            for address in unscoped
            for ids in ids_of(address, globex.organization.pk)
            for leak in leaks(client, address, ids)
        ]

        assert any("shows the other's data" in leak for leak in found)
        # Those that nothing uses are deleted: the comparison sees that, too.
        assert everything_of(globex.organization.pk) != before


class TestPlatformOperators:
    def test_see_every_business(self, acme: Business, globex: Business) -> None:
        client = signed_in(UserFactory.create(is_staff=True, is_superuser=True))

        listed = body_of(client.get(reverse("admin:content_bookingservice_changelist")))

        assert "Acme service" in listed
        assert "Globex service" in listed
        assert Organization.objects.count() == 2

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.USER])
    def test_alone_open_the_platforms_own_pages(self, acme: Business, role: Role) -> None:
        client = acme.client(role)

        for label in PLATFORM:
            url = reverse(f"admin:{label.replace('.', '_')}_changelist")
            assert client.get(url).status_code == 403
