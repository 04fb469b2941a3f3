"""What decides which flow a page of an organization opens, kept in this process until it changes.

A configuration belongs to a version, which triggers renew in the very transactions that change something
(apps/organizations/models.ConfigurationVersion). Whoever asks has read the version first, so what is read
here for it can only be newer than that, never older.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.core.flights import Flights
from apps.core.shelf import Shelf
from apps.flows.models import BookingFlow, SchedulerConfig
from apps.routing.addresses import Page
from apps.routing.matching import Decision, Rule, Table
from apps.routing.models import BookingFlowRouter
from apps.routing.splits import Target

# A rule takes about two kilobytes while it is remembered.
MAX_ORGANIZATIONS = 512
MAX_RULES = 50_000

ONLY_FLOW = "There are no rules yet, and this is the only published flow."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a page opens: the flow's version and the widget, each None if there is none, and why."""

    decision: Decision
    config: SchedulerConfig | None
    version_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """An organization's rules, widgets and, where it has no rules, its only flow. Shared: nobody changes it.

    `configs` begin with the default widget; without a default, with the oldest.
    """

    version: bytes
    table: Table
    configs: Sequence[SchedulerConfig]
    by_id: Mapping[UUID, SchedulerConfig]
    only_version_id: UUID | None

    @property
    def main(self) -> SchedulerConfig | None:
        """The widget of pages that name none."""
        return self.configs[0] if self.configs else None

    def outcome(self, page: Page, *, config_id: UUID | None, visitor: str) -> Outcome:
        """What the page opens; `config_id` is one of this organization's, or None."""
        main = self.by_id[config_id] if config_id else self.main
        decision = self.table.decide(
            page, config_id=config_id, default_config_id=main.id if main else None, visitor=visitor
        )
        rule, target = decision.rule, decision.target
        if rule is None or target is None:
            if self.only_version_id is not None:
                return Outcome(Decision(None, ONLY_FLOW), main, self.only_version_id)
            return Outcome(decision, main, None)
        config = self.by_id.get(rule.config_id, main) if rule.config_id else main
        return Outcome(decision, config, target.version_id)


_kept: Shelf[UUID, Configuration] = Shelf(MAX_ORGANIZATIONS, weight=MAX_RULES)
_flights = Flights()


def kept_configuration(organization_id: UUID, version: bytes) -> Configuration | None:
    """The configuration of this version if this process has it."""
    kept = _kept.get(organization_id)
    return kept if kept is not None and kept.version == version else None


def configuration_of(organization_id: UUID, version: bytes) -> Configuration:
    """The configuration of this version, read by one of those who ask at the same moment: five queries."""
    kept = kept_configuration(organization_id, version)
    if kept is not None:
        return kept
    with _flights.alone(organization_id):
        kept = kept_configuration(organization_id, version)
        if kept is not None:
            return kept
        made = read_configuration(organization_id, version)
        return _kept.put(organization_id, made, weight=len(made.table.ordinary))


def read_configuration(organization_id: UUID, version: bytes) -> Configuration:
    """Read it."""
    configs = list(
        SchedulerConfig.objects.for_organization(organization_id)
        .select_related("brand_kit")
        .order_by("-is_default", "id")
    )
    routers = BookingFlowRouter.objects.for_organization(organization_id)
    rules = [
        as_rule(router, targets)
        for router in routers.filter(active=True).select_related("flow").prefetch_related("variants__flow")
        if (targets := targets_of(router))
    ]
    return Configuration(
        version=version,
        table=Table(rules),
        configs=configs,
        by_id={config.id: config for config in configs},
        only_version_id=None if rules or routers.exists() else _only_version_id(organization_id),
    )


def targets_of(router: BookingFlowRouter) -> tuple[Target, ...]:
    """The published ones of a rule's flows."""
    return tuple(
        Target(flow.id, flow.published_version_id, weight)
        for flow, weight in router.shares()
        if flow.status == "published" and flow.published_version_id is not None
    )


def as_rule(router: BookingFlowRouter, targets: tuple[Target, ...]) -> Rule:
    """A rule as the pure matcher weighs it."""
    return Rule(
        id=router.id,
        priority=router.priority,
        pattern=router.pattern(),
        is_default=router.is_default,
        config_id=router.scheduler_config_id,
        targets=targets,
    )


def _only_version_id(organization_id: UUID) -> UUID | None:
    """A business that has not made any rules, and has one flow, means that one."""
    flows = list(BookingFlow.objects.for_organization(organization_id).published()[:2])
    return flows[0].published_version_id if len(flows) == 1 else None
