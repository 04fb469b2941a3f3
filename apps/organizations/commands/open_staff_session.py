"""Somebody who has proved who they are gets tokens for one organization."""

from apps.audit import log as audit
from apps.core.commands import command
from apps.organizations.models import Membership
from apps.organizations.staff import actor_of
from apps.organizations.staff_tokens import TokenPair, issue_pair


@command("organizations.open_staff_session")
def open_staff_session(*, membership: Membership) -> TokenPair:
    """A pair of tokens for a member whose password was right (REQ-ADM-1)."""
    pair = issue_pair(membership)
    audit.record(
        actor_of(membership),
        "organizations.member.signed_in",
        subject=audit.Subject(type="organizations.membership", id=membership.id),
        new={"role": membership.role, "through": "api"},
    )
    return pair
