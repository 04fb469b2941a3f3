"""A refresh token is given back for a new pair, once."""

from apps.audit import log as audit
from apps.core.commands import command
from apps.core.errors import TokenInvalid
from apps.organizations.staff import actor_of
from apps.organizations.staff_tokens import (
    StaffClaims,
    TokenPair,
    end_family,
    issue_pair,
    lock_family,
    membership_of,
    use_up,
)


@command("organizations.renew_staff_session")
def renew_staff_session(*, claims: StaffClaims) -> TokenPair | None:
    """The next pair of a family, with the role as it is now (REQ-ADM-1).

    None where the token was used before: then the whole family has ended, and that must be kept, so it is an
    answer and not an error. Raises TokenInvalid if the person or the business is out.
    """
    lock_family(claims.family)
    membership = membership_of(claims)
    if membership is None:
        raise TokenInvalid
    if use_up(claims):
        return issue_pair(membership, family=claims.family)
    if end_family(claims):
        audit.record(
            actor_of(membership),
            "organizations.member.tokens_ended",
            subject=audit.Subject(type="organizations.membership", id=membership.id),
            metadata={"why": "a used refresh token came back"},
        )
    return None
