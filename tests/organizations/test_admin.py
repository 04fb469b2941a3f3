"""Settings, members and keys in the back office."""

from typing import Any

import pytest
from django.test import Client

from apps.audit.models import AuditEntry
from apps.organizations.models import ApiKey, ApiKeyKind, Membership, Role, User
from apps.organizations.staff import AREAS, Access, Area
from tests.factories.backoffice import Business, signed_in, whole_business
from tests.factories.organizations import ApiKeyFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
KEYS = "/admin/organizations/apikey/"
MEMBERS = "/admin/organizations/membership/"


@pytest.fixture
def acme() -> Business:
    return whole_business()


class TestAccess:
    def test_every_role_but_the_customers_has_areas(self) -> None:
        assert set(AREAS) == set(Role) - {Role.USER}

    def test_a_role_counts_only_where_it_is_held(self) -> None:
        here, there = OrganizationFactory.create(), OrganizationFactory.create()
        access = Access(
            organizations={here.id: here, there.id: there},
            roles={here.id: Role.ADMIN, there.id: Role.FRONTDESK},
        )

        assert access.organization_ids(Area.CATALOGUE) == {here.id}
        assert access.may(Area.RECEPTION, there.id)
        assert not access.may(Area.BUSINESS, there.id)


class TestNewKey:
    def add(self, client: Client, kind: str, **fields: str) -> Any:
        form = {"name": "Shop", "kind": kind, "allowed_origins": "https://Shop.example.com/", **fields}
        return client.post(f"{KEYS}add/", form)

    def test_a_secret_is_shown_on_the_answer_and_never_again(self, acme: Business) -> None:
        client = acme.client()

        answer = self.add(client, ApiKeyKind.SECRET)

        key = ApiKey.objects.get(kind=ApiKeyKind.SECRET)
        assert answer.status_code == 200
        token = answer.context["token"]
        assert token.startswith("sk_")
        assert token in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        later = client.get(f"{KEYS}{key.pk}/change/").content.decode()
        assert token not in later
        assert token not in str(client.session.items()) + str(client.cookies)

    def test_a_publishable_one_comes_with_its_snippet(self, acme: Business) -> None:
        answer = self.add(acme.client(), ApiKeyKind.PUBLISHABLE)

        key = ApiKey.objects.get(name="Shop")
        assert key.allowed_origins == ["https://shop.example.com"]
        page = acme.client().get(answer["Location"]).content.decode()
        assert 'src="http://testserver/scheduler.js"' in page
        assert f'data-api-key="{key.publishable_token}"' in page

    def test_a_publishable_one_names_a_site(self, acme: Business) -> None:
        answer = self.add(acme.client(), ApiKeyKind.PUBLISHABLE, allowed_origins="")

        assert "allowed_origins" in answer.context["adminform"].form.errors

    def test_says_what_is_no_site(self, acme: Business) -> None:
        answer = self.add(acme.client(), ApiKeyKind.PUBLISHABLE, allowed_origins="shop")

        assert "is not an origin" in answer.content.decode()


class TestRevoke:
    def test_asks_first_and_stops_the_key(self, acme: Business) -> None:
        client, key = acme.client(), ApiKeyFactory.create(organization=acme.organization)

        asked = client.get(f"{KEYS}{key.pk}/revoke/")
        assert "Revoke this key?" in asked.content.decode()
        client.post(f"{KEYS}{key.pk}/revoke/", {"_form_submitted": "1"})

        key.refresh_from_db()
        assert key.revoked_at is not None
        assert AuditEntry.objects.filter(action="organizations.api_key.revoked", subject_id=key.pk).exists()

    def test_does_not_reach_another_business(self, acme: Business) -> None:
        key = ApiKeyFactory.create()

        acme.client().post(f"{KEYS}{key.pk}/revoke/", {"_form_submitted": "1"})

        key.refresh_from_db()
        assert key.revoked_at is None


class TestMembers:
    def test_a_new_person_gets_a_first_password_and_is_let_in(self, acme: Business) -> None:
        form = {"email": "Sam@Acme.example", "first_name": "Sam", "last_name": "", "role": Role.FRONTDESK}

        answer = acme.client().post(f"{MEMBERS}add/", form, follow=True)

        user = User.objects.get(email="sam@acme.example")
        assert user.is_staff
        (said,) = [str(m) for m in answer.context["messages"] if "first password" in str(m)]
        assert user.check_password(said.split("<code>")[1].split("</code>")[0])

    def test_somebody_who_signs_in_already_keeps_their_password(self, acme: Business) -> None:
        known = UserFactory.create(email="sam@acme.example")
        known.set_password("their own")
        known.save()

        acme.client().post(f"{MEMBERS}add/", {"email": "sam@acme.example", "role": Role.SCHEDULER})

        known.refresh_from_db()
        assert known.check_password("their own")
        assert known.is_staff
        assert Membership.objects.get(user=known).organization == acme.organization

    def test_who_works_nowhere_any_more_is_not_let_in(self, acme: Business) -> None:
        user = acme.staff(Role.FRONTDESK)

        acme.client().post(f"{MEMBERS}{user.memberships.get().pk}/delete/", {"post": "yes"})

        user.refresh_from_db()
        assert not user.is_staff

    def test_nobody_changes_or_removes_themselves(self, acme: Business) -> None:
        me = acme.staff()
        url = f"{MEMBERS}{me.memberships.get().pk}/"

        assert signed_in(me).post(f"{url}change/", {"role": Role.FRONTDESK}).status_code == 403
        assert signed_in(me).post(f"{url}delete/", {"post": "yes"}).status_code == 403

    def test_a_customer_is_no_member_to_choose(self, acme: Business) -> None:
        form = {"email": "sam@acme.example", "role": Role.USER}

        answer = acme.client().post(f"{MEMBERS}add/", form)

        assert "role" in answer.context["adminform"].form.errors


class TestHistory:
    def test_every_change_of_settings_is_in_the_audit_log(self, acme: Business) -> None:
        user, url = acme.staff(), f"/admin/content/bookingservice/{acme.flow.service.pk}/change/"
        form = signed_in(user).get(url).context["adminform"].form
        sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}

        signed_in(user).post(url, {**sent, "title": "Renamed", "required_skills": "gas, hvac"})

        entry = AuditEntry.objects.get(action="content.bookingservice.changed")
        assert entry.actor_id == str(user.pk)
        assert entry.new["name"] == "Renamed"
        assert set(entry.new["fields"]) == {"Title", "Skills it needs"}
