"""What the staff of organizations may see and change in the back office: by membership, never by model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.http import HttpRequest

from apps.core.actors import Actor, ActorKind
from apps.organizations.models import Membership, Organization, Role, User


class Area(StrEnum):
    """The parts of the back office, cut by job."""

    RECEPTION = "reception"  # bookings and customers
    ROTA = "rota"  # locations, people, hours, slots
    CATALOGUE = "catalogue"  # services, questions, flows, routing, looks
    INSIGHTS = "insights"  # what visitors do, and who changed what
    BUSINESS = "business"  # settings, members, keys: who holds these holds the business


# Who may open and change what in the back office; docs/permissions.md says it, and a test compares the two.
# A manager runs everything but does not make members: else every manager could be an admin.
AREAS: Mapping[str, frozenset[Area]] = {
    Role.ADMIN: frozenset(Area),
    Role.MANAGER: frozenset(Area) - {Area.BUSINESS},
    Role.SCHEDULER: frozenset({Area.ROTA}),
    Role.FRONTDESK: frozenset({Area.RECEPTION}),
}
STAFF_ROLES = tuple(AREAS)


@dataclass(frozen=True)
class Access:
    """Where a signed-in person works, and as what. `everywhere` is the platform's own operator."""

    everywhere: bool = False
    organizations: Mapping[UUID, Organization] = field(default_factory=dict)
    roles: Mapping[UUID, str] = field(default_factory=dict)

    def organization_ids(self, area: Area) -> set[UUID]:
        """The organizations whose rows of this area are theirs to see."""
        return {
            organization_id
            for organization_id in self.organizations
            if self.everywhere or area in AREAS.get(self.roles[organization_id], ())
        }

    def may(self, area: Area, organization_id: UUID | None = None) -> bool:
        """Whether they work in this area: of this organization, or of any."""
        if self.everywhere:
            return True
        ids = self.organization_ids(area)
        return bool(ids) if organization_id is None else organization_id in ids

    @property
    def only_organization(self) -> Organization | None:
        """The one organization that there is to choose; None if there are several, or none."""
        return next(iter(self.organizations.values())) if len(self.organizations) == 1 else None

    @property
    def has_several(self) -> bool:
        """Whether rows must say whose they are."""
        return len(self.organizations) > 1


def access_of(request: HttpRequest) -> Access:
    """The signed-in person's access; one query a request, however often it is asked."""
    cached: Access | None = getattr(request, "staff_access", None)
    if cached is None:
        cached = _read_access(request)
        request.staff_access = cached  # type: ignore[attr-defined]  # the request's own cache
    return cached


def _read_access(request: HttpRequest) -> Access:
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return Access()
    if user.is_superuser:
        return Access(everywhere=True, organizations={o.id: o for o in Organization.objects.all()})
    memberships = list(
        Membership.objects.all_organizations(reason="everywhere that this one user works")
        .filter(user=user, role__in=STAFF_ROLES)
        .select_related("organization")
        .order_by("organization__name")
    )
    return Access(
        organizations={m.organization_id: m.organization for m in memberships},
        roles={m.organization_id: m.role for m in memberships},
    )


def actor_of(membership: Membership) -> Actor:
    """A member as the audit log names them."""
    return Actor(
        kind=ActorKind.STAFF,
        organization_id=membership.organization_id,
        id=str(membership.user_id),
        label=str(membership.user)[:120],
    )


def staff_actor(request: HttpRequest, organization_id: UUID) -> Actor:
    """The signed-in person as the audit log names them."""
    label = str(request.user)[:120]
    return Actor(kind=ActorKind.STAFF, organization_id=organization_id, id=str(request.user.pk), label=label)


def keep_staff_flag(user: User) -> None:
    """Let a user into the back office exactly if they work somewhere; operators stay in."""
    works = (
        Membership.objects.all_organizations(reason="any membership lets them in")
        .filter(user=user, role__in=STAFF_ROLES)
        .exists()
    )
    wanted = works or user.is_superuser
    if user.is_staff != wanted:
        user.is_staff = wanted
        user.save(update_fields=["is_staff"])
