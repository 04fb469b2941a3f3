"""Which flow a page opens, and where the widget's buttons are (seed 001, scheduler lifecycle)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from apps.core.errors import InvalidInput, NotFound
from apps.flows.models import BookingFlow, BrandKit, FlowVersion, SchedulerConfig
from apps.flows.queries import flow_json
from apps.organizations.models import Organization
from apps.routing.errors import NoFlow
from apps.routing.matching import BadUrl, Decision, Page, decide
from apps.routing.models import BookingFlowRouter


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a page opens: the rule that won (None: there was nothing to choose), and why in words."""

    rule_id: UUID | None
    reason: str
    organization: Organization
    config: SchedulerConfig
    version: FlowVersion


def resolve(
    *, organization: Organization, url: str, config_id: UUID | None = None, base_url: str = ""
) -> Resolution:
    """The flow and the widget for a page, in a number of queries that does not grow with the rules.

    `url` is the page's whole address; `base_url` is this site's own, which makes the logo's absolute.
    Raises InvalidInput (not an address), NotFound (no such widget), NoFlow.
    """
    page = _page_of(url)
    configs = _configs_of(organization)
    by_id = {config.id: config for config in configs}
    if config_id is not None and config_id not in by_id:
        raise NotFound("There is no widget by this config_id.")
    main = by_id[config_id] if config_id else next(iter(configs), None)
    decision, version_id = _decide(organization, page, config_id, main)
    config = by_id.get(decision.rule.config_id, main) if decision.rule and decision.rule.config_id else main
    if config is None or version_id is None:
        raise _no_flow(organization, main, decision, base_url)
    version = FlowVersion.objects.for_organization(organization).get(id=version_id)
    return Resolution(
        rule_id=decision.rule.id if decision.rule else None,
        reason=decision.reason,
        organization=organization,
        config=config,
        version=version,
    )


def _page_of(url: str) -> Page:
    try:
        return Page.from_url(url)
    except BadUrl as error:
        raise InvalidInput({"url": [str(error)]}) from error


def _configs_of(organization: Organization) -> list[SchedulerConfig]:
    """The widgets, the default one first; without a default, the oldest."""
    return list(
        SchedulerConfig.objects.for_organization(organization)
        .select_related("brand_kit")
        .order_by("-is_default", "id")
    )


def _decide(
    organization: Organization, page: Page, config_id: UUID | None, main: SchedulerConfig | None
) -> tuple[Decision, UUID | None]:
    routers = BookingFlowRouter.objects.for_organization(organization).usable().select_related("flow")
    decision = decide(
        [router.as_rule() for router in routers],
        page,
        config_id=config_id,
        default_config_id=main.id if main else None,
    )
    if decision.rule is not None:
        return decision, decision.rule.flow_version_id
    return _the_only_flow(organization) or (decision, None)


def _the_only_flow(organization: Organization) -> tuple[Decision, UUID | None] | None:
    """A business that has not made any rules, and has one flow, means that one."""
    if BookingFlowRouter.objects.for_organization(organization).exists():
        return None
    flows = list(BookingFlow.objects.for_organization(organization).published()[:2])
    if len(flows) != 1:
        return None
    reason = "There are no rules yet, and this is the only published flow."
    return Decision(None, reason), flows[0].published_version_id


def _no_flow(
    organization: Organization, config: SchedulerConfig | None, decision: Decision, base_url: str
) -> NoFlow:
    return NoFlow(
        reason=decision.reason,
        organization=organization_json(organization),
        fallback_phone_number_screen=config.fallback_screen() if config else None,
        brand_kit=brand_kit_json(config.brand_kit, base_url) if config else None,
    )


def button_triggers(*, organization: Organization) -> list[dict[str, str]]:
    """The CSS selectors that open the widget, and which one; of a repeated selector the first counts."""
    triggers: dict[str, UUID] = {}
    for config in _configs_of(organization):
        for selector in config.target_click_elements:
            triggers.setdefault(selector, config.id)
    return [{"selector": selector, "config_id": str(config_id)} for selector, config_id in triggers.items()]


# --- As the API sends it ----------------------------------------------------------------------------


def resolution_json(resolution: Resolution, *, base_url: str) -> dict[str, Any]:
    """Everything that the widget needs before its first step."""
    config = resolution.config
    return {
        "router": {
            "rule_id": str(resolution.rule_id) if resolution.rule_id else None,
            "reason": resolution.reason,
        },
        "organization": organization_json(resolution.organization),
        "scheduler_config": {
            "id": str(config.id),
            "name": config.name,
            "target_click_elements": config.target_click_elements,
            "fallback_phone_number_screen": config.fallback_screen(),
        },
        "brand_kit": brand_kit_json(config.brand_kit, base_url),
        "flow": flow_json(resolution.version),
    }


def organization_json(organization: Organization) -> dict[str, Any]:
    """What the widget may know of a business."""
    return {
        "id": str(organization.id),
        "name": organization.name,
        "timezone": organization.timezone,
        "locale": organization.locale,
        "country": organization.country,
        "currency": organization.currency,
        "phone_number": organization.phone_number,
        "waitlist_open": organization.policy.waitlist_open,
    }


def brand_kit_json(kit: BrandKit, base_url: str) -> dict[str, Any]:
    """How the widget looks; the logo's address is absolute, as the page is on another site."""
    return {
        "name": kit.name,
        "logo_url": urljoin(base_url, kit.logo.url) if kit.logo else None,
        "colors": kit.colors(),
        "radius_px": kit.radius_px,
        "font_family": kit.font_family,
        "mode": kit.mode,
    }
