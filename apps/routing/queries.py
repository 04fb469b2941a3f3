"""Which flow a page opens, and where the widget's buttons are (seed 001, scheduler lifecycle)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from apps.core.errors import InvalidInput, NotFound
from apps.flows.models import BookingFlow
from apps.organizations.models import Organization
from apps.routing.addresses import BadUrl, Page
from apps.routing.answers import Answer, Part, answer_of, tail_of
from apps.routing.configuration import (
    Configuration,
    Outcome,
    as_rule,
    configuration_of,
    read_configuration,
    targets_of,
)
from apps.routing.documents import brand_kit_json, organization_json
from apps.routing.errors import NoFlow
from apps.routing.explaining import Candidate, Verdict, explain
from apps.routing.models import BookingFlowRouter
from apps.routing.transfer import as_csv, as_json, records_of

__all__ = [
    "Explanation",
    "Question",
    "Resolved",
    "brand_kit_json",
    "button_triggers",
    "explain_url",
    "explanation_json",
    "export_rules",
    "organization_json",
    "percent_of",
    "resolve",
    "shares_in_words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A page's whole address, the widget that it names if it does, and who looks at it, if that is known."""

    url: str
    config_id: UUID | None = None
    visitor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """An answer, and what it is made of."""

    answer: Answer
    organization_id: UUID
    config_id: UUID
    version_id: UUID
    tail: Part


def resolve(*, organization: Organization, version: bytes, question: Question, base_url: str) -> Resolved:
    """The flow and the widget for a page, from memory where the configuration is still of this `version`.

    `base_url` is this site's own, which makes the logo's absolute. Raises InvalidInput (not an address),
    NotFound (no such widget), NoFlow.
    """
    page = _page_of(question.url)
    outcome = _outcome(configuration_of(organization.id, version), page, question)
    if outcome.config is None or outcome.version_id is None:
        raise _no_flow(organization, outcome, base_url)
    tail = tail_of(
        organization=organization,
        version=version,
        config=outcome.config,
        flow_version_id=outcome.version_id,
        base_url=base_url,
    )
    return Resolved(
        answer=answer_of(outcome, tail),
        organization_id=organization.id,
        config_id=outcome.config.id,
        version_id=outcome.version_id,
        tail=tail,
    )


def _outcome(configuration: Configuration, page: Page, question: Question) -> Outcome:
    if question.config_id is not None and question.config_id not in configuration.by_id:
        raise NotFound("There is no widget by this config_id.")
    return configuration.outcome(page, config_id=question.config_id, visitor=question.visitor)


def _page_of(url: str) -> Page:
    try:
        return Page.from_url(url)
    except BadUrl as error:
        raise InvalidInput({"url": [str(error)]}) from error


def _no_flow(organization: Organization, outcome: Outcome, base_url: str) -> NoFlow:
    config = outcome.config
    return NoFlow(
        reason=outcome.decision.reason,
        organization=organization_json(organization),
        fallback_phone_number_screen=config.fallback_screen() if config else None,
        brand_kit=brand_kit_json(config.brand_kit, base_url) if config else None,
    )


def button_triggers(*, organization: Organization, version: bytes) -> list[dict[str, str]]:
    """The CSS selectors that open the widget, and which one; of a repeated selector the first counts."""
    triggers: dict[str, UUID] = {}
    for config in configuration_of(organization.id, version).configs:
        for selector in config.target_click_elements:
            triggers.setdefault(selector, config.id)
    return [{"selector": selector, "config_id": str(config_id)} for selector, config_id in triggers.items()]


# --- For the tester ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a page opens and why in one sentence, and every rule's verdict.

    `flow` is None where customers see none; they see the phone screen then, if there is one.
    """

    outcome: Outcome
    flow: BookingFlow | None
    verdicts: list[Verdict]

    @property
    def reason(self) -> str:
        """Why, in one sentence."""
        return self.outcome.decision.reason


def explain_url(*, organization: Organization, question: Question) -> Explanation:
    """Why a page opens what it opens, as things are now: a fixed number of queries, whatever is kept.

    Raises InvalidInput (not an address), NotFound (no such widget).
    """
    page = _page_of(question.url)
    configuration = read_configuration(organization.id, b"")
    outcome = _outcome(configuration, page, question)
    routers = BookingFlowRouter.objects.for_organization(organization).select_related("flow")
    main = configuration.main
    verdicts = explain(
        [_candidate(router) for router in routers.prefetch_related("variants__flow")],
        page,
        config_id=question.config_id,
        default_config_id=main.id if main else None,
    )
    return Explanation(outcome=outcome, flow=_flow_of(organization, outcome), verdicts=verdicts)


def _candidate(router: BookingFlowRouter) -> Candidate:
    targets = targets_of(router)
    shares = router.shares()
    passed_over = ""
    if not router.active:
        passed_over = "It is switched off."
    elif not targets:
        passed_over = "Its flow is not published." if len(shares) == 1 else "None of its flows is published."
    return Candidate(rule=as_rule(router, targets), leads_to=shares_in_words(shares), passed_over=passed_over)


def shares_in_words(shares: Sequence[tuple[BookingFlow, int]]) -> str:
    """“Book a visit”, or “Summer (75 %) or Winter (25 %)”."""
    if len(shares) == 1:
        return shares[0][0].title
    total = sum(weight for _, weight in shares)
    return " or ".join(f"{flow.title} ({percent_of(weight, total)})" for flow, weight in shares)


def percent_of(weight: int, total: int) -> str:
    """“33.3 %”."""
    return f"{100 * weight / total:.3g} %"


def _flow_of(organization: Organization, outcome: Outcome) -> BookingFlow | None:
    if outcome.version_id is None or outcome.config is None:
        return None
    return BookingFlow.objects.for_organization(organization).get(published_version_id=outcome.version_id)


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """An explanation as the API, and `resolve_url --json`, write it."""
    outcome = explanation.outcome
    return {
        "reason": explanation.reason,
        "flow_id": str(explanation.flow.id) if explanation.flow else None,
        "flow_title": explanation.flow.title if explanation.flow else "",
        "config_id": str(outcome.config.id) if outcome.config else None,
        "rules": [
            {
                "rule_id": str(verdict.candidate.rule.id),
                "priority": verdict.candidate.rule.priority,
                "is_default": verdict.candidate.rule.is_default,
                "conditions": verdict.candidate.rule.pattern.in_words(),
                "leads_to": verdict.candidate.leads_to,
                "outcome": verdict.outcome.value,
                "checks": [{"holds": check.holds, "words": check.words} for check in verdict.checks],
            }
            for verdict in explanation.verdicts
        ],
    }


def export_rules(*, organization: Organization, as_a: Literal["csv", "json"]) -> str:
    """All rules as a file that can be imported again."""
    routers = BookingFlowRouter.objects.for_organization(organization).in_order()
    records = records_of(
        routers.select_related("flow", "scheduler_config").prefetch_related("variants__flow")
    )
    return as_csv(records) if as_a == "csv" else as_json(records)
