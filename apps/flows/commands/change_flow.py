"""A flow gets another name, description or icon."""

from dataclasses import asdict
from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import StaleVersion
from apps.core.versions import version_of
from apps.flows.drafts import Words, note_change, subject_of
from apps.flows.locking import lock_flow
from apps.flows.models import BookingFlow


@command("flows.change_flow")
def change_flow(*, actor: Actor, flow_id: UUID, words: Words, seen: Words | None = None) -> BookingFlow:
    """Write a flow's own words; the same again change nothing (REQ-FLOW-7).

    Raises NotFound; StaleVersion where they are not those that were seen.
    """
    flow = lock_flow(actor.organization_id, id=flow_id)
    now = Words(**flow.content())
    if seen is not None and seen != now:
        raise StaleVersion(current_version=version_of(flow))
    old = {name: value for name, value in asdict(now).items() if getattr(words, name) != value}
    if not old:
        return flow
    for name in old:
        setattr(flow, name, getattr(words, name))
    flow.save(update_fields=[*old, "updated_at"])
    note_change(flow)
    audit.record(
        actor,
        "flows.flow.changed",
        subject=subject_of(flow),
        old=old,
        new={"name": flow.title, **{name: getattr(words, name) for name in old}},
    )
    return flow
