"""Signing out: the tokens of one sign-in end."""

from apps.audit import log as audit
from apps.core.commands import command
from apps.core.errors import TokenInvalid
from apps.organizations.models import Membership
from apps.organizations.staff import actor_of
from apps.organizations.staff_tokens import StaffClaims, end_family, lock_family


@command("organizations.close_staff_session")
def close_staff_session(*, membership: Membership, claims: StaffClaims) -> None:
    """No refresh token of this sign-in works any more. Signing out again changes nothing.

    Raises TokenInvalid if the token is somebody else's.
    """
    if (claims.user_id, claims.organization_id) != (membership.user_id, membership.organization_id):
        raise TokenInvalid
    lock_family(claims.family)
    if end_family(claims):
        audit.record(
            actor_of(membership),
            "organizations.member.signed_out",
            subject=audit.Subject(type="organizations.membership", id=membership.id),
        )
