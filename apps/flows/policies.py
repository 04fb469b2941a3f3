"""Rules of a flow's steps: pure, no ORM."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

STEP_WORDS = {
    "zipcode": "Zip code",
    "service_selection": "Service selection",
    "details": "Details",
    "timeslot": "Date and time",
    "customer": "Customer",
    "summary": "Summary",
}
REQUIRED_STEPS = ("service_selection", "timeslot", "customer", "summary")


@dataclass(frozen=True, slots=True)
class OrderRule:
    """What an earlier step finds out, a later one needs; `why` is a sentence that says so."""

    first: str
    later: str
    why: str

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return f"Move “{STEP_WORDS[self.first]}” before it."


ORDER_RULES = (
    OrderRule("zipcode", "timeslot", "“Date and time” needs to know the zip code first."),
    OrderRule("service_selection", "timeslot", "“Date and time” needs to know the service first."),
)
LAST_STEP = "summary"
WHY_LAST = "“Summary” sums everything up, so it has to be the last step."


@dataclass(frozen=True, slots=True)
class StepProblem:
    """What is wrong with the steps: a sentence with its remedy, and the step where it shows."""

    code: str
    message: str
    step_type: str


def step_problems(step_types: Sequence[str], switched_off: Collection[str] = ()) -> Iterator[StepProblem]:
    """What is wrong with these steps in this order; those that are switched off are not among them."""
    for wanted in REQUIRED_STEPS:
        words = STEP_WORDS[wanted]
        if wanted in switched_off:
            yield StepProblem("step_missing", f"The step “{words}” is switched off. Switch it on.", wanted)
        elif wanted not in step_types:
            yield StepProblem("step_missing", f"The flow has no step “{words}”. Add one.", wanted)
    for repeated in sorted({kind for kind in step_types if step_types.count(kind) > 1}):
        message = f"The flow has more than one step “{STEP_WORDS[repeated]}”. Keep one."
        yield StepProblem("step_repeated", message, repeated)
    for rule in ORDER_RULES:
        if rule.first in step_types and rule.later in step_types and _after(step_types, rule):
            yield StepProblem("step_order", f"{rule.why} {rule.remedy}", rule.later)
    if LAST_STEP in step_types and step_types[-1] != LAST_STEP:
        yield StepProblem("step_order", f"{WHY_LAST} Move it to the end.", LAST_STEP)


def _after(step_types: Sequence[str], rule: OrderRule) -> bool:
    return step_types.index(rule.first) > step_types.index(rule.later)


def place_for(kind: str, step_types: Sequence[str]) -> int:
    """Where a new step of this kind stands best: before the first of those that usually come after it."""
    usual = list(STEP_WORDS)
    later = (place for place, other in enumerate(step_types) if usual.index(other) > usual.index(kind))
    return next(later, len(step_types))
