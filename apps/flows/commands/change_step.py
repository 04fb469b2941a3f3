"""A step says or asks something else."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from pydantic import ValidationError as ShapeError

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.core.versions import ensure_version
from apps.flows.drafts import Words, lock_step, note_change, subject_of
from apps.flows.models import BookingFlowStep
from apps.flows.types import dump_step_config, parse_step_config, problems_in_words


@command("flows.change_step")
def change_step(
    *,
    actor: Actor,
    step_id: UUID,
    words: Words,
    type_config: Mapping[str, Any],
    expected_version: int | None = None,
) -> BookingFlowStep:
    """Write a step's words and settings (REQ-FLOW-7); the same again change nothing.

    Raises NotFound, InvalidInput (settings that are no such step's), StaleVersion.
    """
    step = lock_step(actor.organization_id, step_id)
    ensure_version(step, expected_version)
    try:
        config = dump_step_config(parse_step_config(step.step_type, dict(type_config)))
    except ShapeError as error:
        raise InvalidInput({"type_config": problems_in_words(error)}) from error
    wanted = {**asdict(words), "type_config": config}
    changed = [name for name, value in wanted.items() if getattr(step, name) != value]
    if not changed:
        return step
    old = {name: getattr(step, name) for name in changed if name != "type_config"}
    for name in changed:
        setattr(step, name, wanted[name])
    step.save(update_fields=[*changed, "updated_at"])
    note_change(step.flow)
    audit.record(
        actor,
        "flows.step.changed",
        subject=subject_of(step.flow),
        old={"name": step.title, **old},
        # Lists of zip codes are long: which settings changed is enough here, versions hold the rest.
        new={
            "name": step.title,
            **{name: wanted[name] for name in old},
            **({"settings": "changed"} if "type_config" in changed else {}),
            "step_id": str(step.id),
        },
    )
    return step
