"""Who is acting: every command takes one."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """The kinds of actor that the audit log tells apart."""

    SESSION = "session"  # a visitor of the widget
    STAFF = "staff"
    SECRET_KEY = "secret_key"  # noqa: S105  (the name of a kind)
    CUSTOMER = "customer"  # the holder of a manage token, or a signed-in customer
    SYSTEM = "system"  # beat, the relay, a management command


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts inside one organization. `label` is for people and holds no customer's name."""

    kind: ActorKind
    organization_id: UUID
    id: str
    label: str

    @classmethod
    def system(cls, organization_id: UUID, label: str = "Scheduler") -> "Actor":
        """The platform itself: sweeps, reactions, commands run by an operator."""
        return cls(kind=ActorKind.SYSTEM, organization_id=organization_id, id="system", label=label)

    @classmethod
    def session(cls, organization_id: UUID, session_id: UUID) -> "Actor":
        """A visitor of the widget."""
        return cls(
            kind=ActorKind.SESSION,
            organization_id=organization_id,
            id=str(session_id),
            label="Website visitor",
        )

    @property
    def session_id(self) -> UUID | None:
        """The visitor's session, if a visitor acts."""
        return UUID(self.id) if self.kind is ActorKind.SESSION else None
