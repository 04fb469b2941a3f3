"""Rules of a flow's steps: pure, no ORM."""

from collections.abc import Iterator, Sequence

REQUIRED_STEPS = ("service_selection", "timeslot", "customer", "summary")
# What an earlier step finds out, a later one needs: which location, which service, what to sum up.
MUST_PRECEDE = (
    ("zipcode", "timeslot"),
    ("service_selection", "timeslot"),
)
LAST_STEP = "summary"

STEP_WORDS = {
    "zipcode": "Zip code",
    "service_selection": "Service selection",
    "details": "Details",
    "timeslot": "Date and time",
    "customer": "Customer",
    "summary": "Summary",
}


def step_problems(step_types: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with these steps in this order, as pairs of a code and a sentence."""
    for wanted in REQUIRED_STEPS:
        if wanted not in step_types:
            yield "step_missing", f"The flow has no step “{STEP_WORDS[wanted]}”. Add one."
    for repeated in sorted({kind for kind in step_types if step_types.count(kind) > 1}):
        yield "step_repeated", f"The flow has more than one step “{STEP_WORDS[repeated]}”. Keep one."
    for first, later in MUST_PRECEDE:
        if first in step_types and later in step_types and step_types.index(first) > step_types.index(later):
            yield "step_order", f"“{STEP_WORDS[first]}” has to come before “{STEP_WORDS[later]}”."
    if LAST_STEP in step_types and step_types[-1] != LAST_STEP:
        yield "step_order", f"“{STEP_WORDS[LAST_STEP]}” has to be the last step."
