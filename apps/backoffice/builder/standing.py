"""How a draft stands: what customers see, what differs from it, what is in the way, and what comes next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString

from apps.flows.admin import flow_badge
from apps.flows.documents import Draft
from apps.flows.errors import FlowProblem
from apps.flows.models import BookingFlow, BookingFlowStep, FlowStatus, StepType
from apps.routing.models import BookingFlowRouter

Json = dict[str, Any]
A_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A problem and the way to mend it: a link, or something to press."""

    problem: FlowProblem
    words: str = ""
    url: str = ""
    add: str = ""
    switch_on: BookingFlowStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What to do next; the link may be missing."""

    words: str
    link: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All of the status bar."""

    badge: SafeString
    sentence: str
    changes: Sequence[str] = ()
    remedies: Sequence[Remedy] = ()
    hints: Sequence[Hint] = field(default_factory=tuple)
    published: bool = False

    @property
    def can_publish(self) -> bool:
        """Whether there is something to publish, and nothing in its way."""
        return not self.remedies and (bool(self.changes) or not self.published)


def standing_of(
    flow: BookingFlow, draft: Draft, steps: Sequence[BookingFlowStep], *, now: datetime
) -> Standing:
    """Everything above the cards. `flow` comes with organization and version; two queries. `now` is UTC."""
    version = flow.published_version
    differs = version is not None and version.digest != draft.digest
    changes = list(changes_between(version.document, draft.document)) if version and differs else []
    return Standing(
        badge=flow_badge(flow, unpublished_changes=differs),
        sentence=_sentence(flow, changes, now),
        changes=changes,
        remedies=[_remedy(flow, problem, steps) for problem in draft.problems],
        hints=list(_hints(flow)),
        published=version is not None,
    )


def _sentence(flow: BookingFlow, changes: Sequence[str], now: datetime) -> str:
    version = flow.published_version
    if version is None:
        return "Customers do not see this flow yet."
    since = when(version.created_at, flow.organization.timezone, now)
    seen = f"Customers see version {version.number} since {since}."
    if not changes:
        return f"{seen} The draft is the same."
    return f"{seen} The draft differs: {len(changes)} change{'' if len(changes) == 1 else 's'}."


def when(moment: datetime, zone: str, now: datetime) -> str:
    """“Monday 10:00 (Denver)”, with the date where that was more than some days ago."""
    wall = moment.astimezone(ZoneInfo(zone))
    place = zone.rsplit("/", 1)[-1].replace("_", " ")
    day = f"{wall:%A}" if now - moment < A_WEEK else f"{wall.day} {wall:%B %Y}"
    return f"{day} {wall:%H:%M} ({place})"


# --- What differs -----------------------------------------------------------------------------------


def changes_between(before: Json, after: Json) -> Iterator[str]:
    """What an edit has changed since a version, a short sentence each. Both are documents of one flow."""
    if before["content"] != after["content"]:
        yield "The flow’s own name or description"
    old, new = _by_id(before), _by_id(after)
    for step_id, step in new.items():
        yield from _changes_of(step, old.get(step_id))
    yield from (f"Gone: “{_title(step)}”" for step_id, step in old.items() if step_id not in new)
    if [one for one in old if one in new] != [one for one in new if one in old]:
        yield "The order of the steps"
    if before["services"] != after["services"] or before["categories"] != after["categories"]:
        yield "Services or headings that it shows"


def _changes_of(step: Json, before: Json | None) -> Iterator[str]:
    if before is None:
        yield f"New: “{_title(step)}”"
        return
    if step["step_config"] != before["step_config"]:
        yield f"The words of “{_title(step)}”"
    if step["type_config"] != before["type_config"]:
        yield f"What “{_title(step)}” asks or does"


def _by_id(document: Json) -> Mapping[str, Json]:
    return {step["id"]: step for step in document["steps"]}


def _title(step: Json) -> str:
    return str(step["step_config"]["title"])


# --- What is in the way, and what comes next --------------------------------------------------------


def _remedy(flow: BookingFlow, problem: FlowProblem, steps: Sequence[BookingFlowStep]) -> Remedy:
    step = next((step for step in steps if step.id == problem.step_id), None)
    if step is None:
        return Remedy(problem=problem, add=problem.step_type if problem.code == "step_missing" else "")
    if not step.active:
        return Remedy(problem=problem, switch_on=step)
    if problem.step_type:
        return Remedy(problem=problem, words="Go to it", url=f"#step-{step.pk}")
    if step.step_type == StepType.SERVICE_SELECTION and problem.code != "step_config_invalid":
        url = reverse("admin:flow_graph", args=[step.pk])
        return Remedy(problem=problem, words="Mend it in the graph", url=url)
    page = reverse("admin:flows_bookingflow_change", args=[flow.pk])
    return Remedy(problem=problem, words="Open the step", url=f"{page}?step={step.pk}#step-{step.pk}")


def _hints(flow: BookingFlow) -> Iterator[Hint]:
    """Whether anybody is led to this flow."""
    rules = BookingFlowRouter.objects.for_organization(flow.organization_id).filter(active=True)
    here = rules.filter(Q(flow=flow) | Q(variants__flow=flow)).distinct().count()
    add = f"{reverse('admin:routing_bookingflowrouter_add')}?flow={flow.pk}"
    if here:
        words = "1 routing rule leads" if here == 1 else f"{here} routing rules lead"
        url = f"{reverse('admin:routing_bookingflowrouter_changelist')}?flow__id__exact={flow.pk}"
        yield Hint(words=f"{words} to this flow.", link="Show", url=url)
    elif rules.exists():
        words = "No routing rule leads to this flow yet, so no page opens it."
        yield Hint(words=words, link="Add one", url=add)
    elif _others_published(flow):
        words = "You have several flows and no routing rules: say which pages open this one."
        yield Hint(words=words, link="Add a rule", url=add)
    else:
        yield Hint(words="It is your only flow, so every page opens it once it is published. Rules can wait.")


def _others_published(flow: BookingFlow) -> bool:
    others = BookingFlow.objects.for_organization(flow.organization_id).exclude(pk=flow.pk)
    return others.filter(status=FlowStatus.PUBLISHED).exists()
