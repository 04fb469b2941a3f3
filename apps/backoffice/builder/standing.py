"""How a draft stands: what customers see, what differs from it, what is in the way, and what comes next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString

from apps.flows.admin import flow_badge
from apps.flows.differences import count, differences
from apps.flows.documents import Draft
from apps.flows.errors import FlowProblem
from apps.flows.models import BookingFlow, BookingFlowStep, FlowStatus, StepType
from apps.routing.models import BookingFlowRouter

SHOWN = 6
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
    def first_changes(self) -> Sequence[str]:
        """As many as one reads at a glance; the rest has a page of its own."""
        return self.changes[:SHOWN]

    @property
    def more_changes(self) -> int:
        """How many more there are."""
        return len(self.changes) - len(self.first_changes)

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
    sections = differences(version.document, draft.document) if version and differs else []
    return Standing(
        badge=flow_badge(flow, unpublished_changes=differs),
        sentence=_sentence(flow, count(sections), now),
        changes=[f"{section.title}: {change.words}" for section in sections for change in section.changes],
        remedies=[_remedy(flow, problem, steps) for problem in draft.problems],
        hints=list(_hints(flow)),
        published=version is not None,
    )


def _sentence(flow: BookingFlow, changes: int, now: datetime) -> str:
    version = flow.published_version
    if version is None:
        return "Customers do not see this flow yet."
    since = when(version.created_at, flow.organization.timezone, now)
    seen = f"Customers see version {version.number} since {since}."
    if not changes:
        return f"{seen} The draft is the same."
    return f"{seen} The draft differs: {changes} change{'' if changes == 1 else 's'}."


def when(moment: datetime, zone: str, now: datetime) -> str:
    """“Monday 10:00 (Denver)”, with the date where that was more than some days ago."""
    wall = moment.astimezone(ZoneInfo(zone))
    place = zone.rsplit("/", 1)[-1].replace("_", " ")
    day = f"{wall:%A}" if now - moment < A_WEEK else f"{wall.day} {wall:%B %Y}"
    return f"{day} {wall:%H:%M} ({place})"


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
