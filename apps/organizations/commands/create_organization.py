"""A business joins the platform, with its first admin."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.core.ids import new_id
from apps.organizations.models import Membership, Organization, OrganizationPolicy, Role, User
from apps.organizations.staff import keep_staff_flag


@dataclass(frozen=True, slots=True)
class Joined:
    """The business and its first admin; `is_new` if they have no password yet."""

    organization: Organization
    owner: User
    is_new: bool


@command("organizations.create_organization")
def create_organization(*, name: str, owner_email: str, timezone: str = "", currency: str = "") -> Joined:
    """Make a business with the usual rules of the house and an admin, who may work elsewhere already.

    Raises InvalidInput.
    """
    organization = Organization(id=new_id(), name=name.strip(), slug=_free_slug(name))
    organization.timezone = timezone or organization.timezone
    organization.currency = currency.upper() or organization.currency
    owner = User.objects.filter(email__iexact=owner_email.strip()).first()
    known = owner is not None
    owner = owner or User(email=owner_email.strip().lower())
    try:
        organization.full_clean()
        owner.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise InvalidInput(error.message_dict) from error
    organization.save(force_insert=True)
    OrganizationPolicy.objects.create(organization=organization)
    if not known:
        owner.set_unusable_password()
        owner.save(force_insert=True)
    Membership.objects.create(organization=organization, user=owner, role=Role.ADMIN)
    keep_staff_flag(owner)
    audit.record(
        Actor.system(organization.id, "Platform"),
        "organizations.organization.created",
        subject=audit.Subject(type="organizations.organization", id=organization.id),
        new={"name": organization.name, "admin_id": str(owner.pk)},
    )
    return Joined(organization, owner, is_new=not known or not owner.has_usable_password())


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "business"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken
    )
