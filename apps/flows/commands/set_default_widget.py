"""Which widget pages get that name none."""

from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.flows.models import SchedulerConfig


@command("flows.set_default_widget")
def set_default_widget(*, actor: Actor, config_id: UUID) -> SchedulerConfig:
    """Make a widget the default instead of the one before; again changes nothing. Raises NotFound."""
    configs = SchedulerConfig.objects.for_organization(actor.organization_id)
    locked = {config.id: config for config in configs.select_for_update(no_key=True).order_by("id")}
    wanted = locked.get(config_id)
    if wanted is None:
        raise NotFound("There is no such widget.")
    if wanted.is_default:
        return wanted
    before = [config for config in locked.values() if config.is_default]
    for config in (*before, wanted):  # the old one first: there is one default at any moment
        config.is_default = config is wanted
        config.save(update_fields=["is_default", "updated_at"])
    audit.record(
        actor,
        "flows.schedulerconfig.made_default",
        subject=audit.Subject(type="flows.schedulerconfig", id=wanted.id),
        old={"name": before[0].name} if before else {},
        new={"name": wanted.name},
    )
    return wanted
