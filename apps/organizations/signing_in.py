"""From an e-mail address and a password to tokens, and from a refresh token to the next ones."""

from uuid import UUID

from django.contrib.auth import authenticate

from apps.core.errors import TokenInvalid
from apps.organizations.commands.open_staff_session import open_staff_session
from apps.organizations.commands.renew_staff_session import renew_staff_session
from apps.organizations.errors import InvalidCredentials, NotAMember, OrganizationRequired
from apps.organizations.models import Membership, Role, User
from apps.organizations.staff import STAFF_ROLES
from apps.organizations.staff_tokens import TokenPair, read_refresh_token


def sign_in(*, email: str, password: str, organization: str | None = None) -> TokenPair:
    """Tokens for the one organization that somebody works for, or for the named one (its id or slug).

    An unknown address costs the same time as a wrong password: Django hashes in either case, and it does so
    before any transaction begins. Raises InvalidCredentials, NotAMember, OrganizationRequired.
    """
    user = authenticate(username=email.lower(), password=password)
    if not isinstance(user, User):
        raise InvalidCredentials
    return open_staff_session(membership=_membership(user, organization))


def sign_in_customer(*, organization_id: UUID, email: str, password: str) -> TokenPair:
    """Tokens for a customer of this organization (role `user`); staff sign in for the Admin API instead.

    Whether an address has an account here is told to nobody. Raises InvalidCredentials.
    """
    user = authenticate(username=email.lower(), password=password)
    membership = (
        Membership.objects.for_organization(organization_id)
        .filter(user=user, role=Role.USER, organization__active=True)
        .select_related("user", "organization__policy")
        .first()
        if isinstance(user, User)
        else None
    )
    if membership is None:
        raise InvalidCredentials
    return open_staff_session(membership=membership)


def _membership(user: User, organization: str | None) -> Membership:
    memberships = list(
        Membership.objects.all_organizations(reason="wherever this one person works")
        .filter(user=user, role__in=STAFF_ROLES, organization__active=True)
        .select_related("user", "organization__policy")
        .order_by("organization__name")
    )
    if organization is not None:
        memberships = [m for m in memberships if _is_called(m, organization)]
    if not memberships:
        raise NotAMember
    if len(memberships) > 1:
        raise OrganizationRequired(
            [
                {"id": str(m.organization_id), "slug": m.organization.slug, "name": m.organization.name}
                for m in memberships
            ]
        )
    return memberships[0]


def _is_called(membership: Membership, name: str) -> bool:
    try:
        return membership.organization_id == UUID(name)
    except ValueError:
        return membership.organization.slug == name


def renew(refresh: str, *, organization_id: UUID | None = None) -> TokenPair:
    """The next pair for a refresh token, of this organization if one is named.

    Raises TokenInvalid (used before, too), TokenExpired.
    """
    claims = read_refresh_token(refresh)
    if organization_id is not None and claims.organization_id != organization_id:
        raise TokenInvalid
    pair = renew_staff_session(claims=claims)
    if pair is None:
        raise TokenInvalid("This refresh token was used before, so your sign-in has ended. Sign in again.")
    return pair
