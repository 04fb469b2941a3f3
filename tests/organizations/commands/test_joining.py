"""A business joins the platform; its admin sets a password by a link that works once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.audit.models import AuditEntry
from apps.core.errors import InvalidInput
from apps.organizations.commands.create_organization import create_organization
from apps.organizations.models import Organization, Role, User
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
CHOSEN = {"new_password1": "not-a-common-one-7", "new_password2": "not-a-common-one-7"}


def printed(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("create_organization", *arguments, stdout=out)
    return out.getvalue().splitlines()


class TestCreateOrganization:
    def test_makes_a_business_with_rules_and_an_admin(self) -> None:
        joined = create_organization(
            name="Front Range", owner_email="Pat@Example.com", timezone="America/Denver", currency="usd"
        )

        business = joined.organization
        assert (business.slug, business.timezone) == ("front-range", "America/Denver")
        assert business.currency == "USD"
        assert business.policy.cart_hold_minutes == 5
        assert (joined.owner.email, joined.owner.is_staff) == ("pat@example.com", True)
        assert business.memberships.get().role == Role.ADMIN
        assert AuditEntry.objects.filter(action="organizations.organization.created").exists()

    def test_two_businesses_of_one_name_have_two_slugs(self) -> None:
        OrganizationFactory.create(name="Front Range", slug="front-range")

        joined = create_organization(name="Front Range", owner_email="a@b.example")

        assert joined.organization.slug == "front-range-2"

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [({"name": " "}, "name"), ({"owner_email": "nobody"}, "email"), ({"timezone": "Denver"}, "timezone")],
    )
    def test_says_which_value_is_wrong_and_makes_nothing(self, wrong: dict[str, str], field: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            create_organization(**{"name": "Acme", "owner_email": "a@b.example", **wrong})

        assert field in refusal.value.data["errors"]
        assert not Organization.objects.exists()
        assert not User.objects.exists()


class TestTheCommandLine:
    def test_prints_a_link_that_sets_a_password_once_and_signs_in(self) -> None:
        link = printed("Front Range", "pat@example.com", "--base-url", "http://testserver")[-1]
        client = Client()

        form = client.get(link, follow=True)
        done = client.post(form.redirect_chain[-1][0], CHOSEN)

        assert done["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200
        assert User.objects.get(email="pat@example.com").check_password(CHOSEN["new_password1"])
        assert "This link has been used" in Client().get(link, follow=True).content.decode()

    def test_somebody_known_keeps_their_password(self) -> None:
        known = UserFactory.create(email="pat@example.com")
        known.set_password("their own")
        known.save()

        lines = printed("Front Range", "pat@example.com")

        known.refresh_from_db()
        assert "signs in as before" in lines[-1]
        assert known.check_password("their own")
        assert known.is_staff

    def test_a_wrong_value_is_an_error_in_words(self) -> None:
        with pytest.raises(CommandError, match="timezone"):
            printed("Front Range", "pat@example.com", "--timezone", "Denver")
