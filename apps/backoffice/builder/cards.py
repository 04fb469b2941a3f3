"""The steps of a draft as cards: what each is for, what it does in one sentence, what is wrong with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from apps.backoffice.builder.zip_settings import coverage_of
from apps.flows.documents import Draft
from apps.flows.errors import FlowProblem
from apps.flows.models import BookingFlowStep, StepType
from apps.flows.policies import LAST_STEP, ORDER_RULES, STEP_WORDS, WHY_LAST
from apps.flows.zip_lists import in_words

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step in the back office: its icon, its name, and what it is for."""

    key: str
    icon: str
    label: str
    purpose: str


KINDS: dict[str, StepKind] = {
    kind: StepKind(kind, icon, STEP_WORDS[kind], purpose)
    for kind, icon, purpose in (
        (StepType.ZIPCODE, "pin_drop", "Finds out where the customer is, and which of your locations comes."),
        (StepType.SERVICE_SELECTION, "account_tree", "Questions and answers that lead to the right service."),
        (StepType.DETAILS, "quiz", "What you want to know about the visit: a gate code, the model, pets."),
        (StepType.TIMESLOT, "calendar_month", "Customers choose a free time, which is then held for them."),
        (StepType.CUSTOMER, "person", "Name, phone, and what else you need to reach them."),
        (StepType.SUMMARY, "fact_check", "Everything on one screen, your policy, and the button that books."),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One step on the page."""

    step: BookingFlowStep
    kind: StepKind
    summary: str
    problems: Sequence[FlowProblem]
    number: int
    first: bool
    last: bool

    @property
    def edit_url(self) -> str:
        """Where its settings are open."""
        page = reverse("admin:flows_bookingflow_change", args=[self.step.flow_id])
        return f"{page}?step={self.step.pk}#step-{self.step.pk}"

    @property
    def graph_url(self) -> str:
        """Where its questions and answers are drawn; empty where there are none."""
        is_graph = self.step.step_type == StepType.SERVICE_SELECTION
        return reverse("admin:flow_graph", args=[self.step.pk]) if is_graph else ""


def cards_of(steps: Sequence[BookingFlowStep], draft: Draft) -> list[Card]:
    """The cards, in order; `draft` is read from these steps."""
    resolved = {part["id"]: part["type_config"] for part in draft.document["steps"]}
    return [
        Card(
            step=step,
            kind=KINDS[step.step_type],
            summary=summary_of(step.step_type, resolved.get(str(step.id), step.type_config)),
            problems=[problem for problem in draft.problems if problem.step_id == step.id],
            number=place + 1,
            first=place == 0,
            last=place == len(steps) - 1,
        )
        for place, step in enumerate(steps)
    ]


def missing_kinds(steps: Sequence[BookingFlowStep]) -> list[StepKind]:
    """What can still be added, in the order in which flows usually have them."""
    there = {step.step_type for step in steps}
    return [kind for kind in KINDS.values() if kind.key not in there]


def order_rules() -> list[Json]:
    """The rules of the order, for the page's program to explain while somebody drags."""
    rules = [{"first": rule.first, "later": rule.later, "why": rule.why} for rule in ORDER_RULES]
    others = [kind for kind in KINDS if kind != LAST_STEP]
    return [*rules, *({"first": kind, "later": LAST_STEP, "why": WHY_LAST} for kind in others)]


# --- What a step does, in one sentence --------------------------------------------------------------


def summary_of(step_type: str, config: Json) -> str:
    """A sentence about a step's settings; `config` may be anything that a draft has."""
    try:
        return _SUMMARIES[step_type](config)
    except (KeyError, TypeError, ValueError, AttributeError):
        # A draft may be broken; what is wrong with it stands on the card as well.
        return "Its settings need another look."


def _zipcode(config: Json) -> str:
    areas = config.get("areas", [])
    if not areas:
        return "Serves no zip code yet."
    names = [area["location_name"] for area in areas]
    return f"Serves {in_words([coverage_of(area) for area in areas])} in {_and(names)}."


def _selection(config: Json) -> str:
    nodes = config.get("nodes", [])
    questions = sum(node["type"] == "question_reference" for node in nodes)
    services = {node["service_id"] for node in nodes if node.get("service_id")}
    if not nodes:
        return "Asks nothing yet. Draw the first question."
    several = "several services a visit" if config.get("allow_several") else "one service a visit"
    lead = "leads" if questions == 1 else "lead"
    return f"{_count(questions, 'question')} that {lead} to {_count(len(services), 'service')}; {several}."


def _details(config: Json) -> str:
    fields = config.get("fields", [])
    if not fields:
        return "Asks nothing yet, so customers skip it."
    wanted = sum(bool(field.get("required")) for field in fields)
    said = f"Asks {_count(len(fields), 'question')}"
    return f"{said}, of which {wanted} must be answered." if wanted else f"{said}; none must be answered."


def _timeslot(config: Json) -> str:
    whom = "a time and a person" if config.get("allow_resource_choice") else "a time"
    where = f" at {config['location_name']}" if config.get("location_name") else ""
    return f"Customers choose {whom}{where}."


def _customer(config: Json) -> str:
    asked = config.get("fields", {})
    words = {"required": "", "optional": " if they like"}
    more = [
        f"{name}{words[presence]}"
        for name, presence in (
            ("e-mail", asked.get("email", "optional")),
            ("address", asked.get("address", "optional")),
        )
        if presence in words
    ]
    consent = " With your words of consent." if config.get("consent_text") else ""
    return f"Asks for {_and(['name', 'phone', *more])}.{consent}"


def _summary(config: Json) -> str:
    policy = "Shows your policy" if config.get("policy_text") else "Shows no policy"
    button = config.get("confirm_label")
    return f"{policy}; the button says {f'“{button}”' if button else 'the day and time'}."


_SUMMARIES: dict[str, Callable[[Json], str]] = {
    StepType.ZIPCODE: _zipcode,
    StepType.SERVICE_SELECTION: _selection,
    StepType.DETAILS: _details,
    StepType.TIMESLOT: _timeslot,
    StepType.CUSTOMER: _customer,
    StepType.SUMMARY: _summary,
}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
