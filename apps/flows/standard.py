"""What a new step says until somebody writes something better, and what a new flow begins with."""

from apps.flows.models import BookingFlow, BookingFlowStep, StepType

FIRST_WORDS: dict[str, tuple[str, str]] = {
    StepType.ZIPCODE: ("Where do you need us?", "map-pin"),
    StepType.SERVICE_SELECTION: ("How can we help?", "wrench"),
    StepType.DETAILS: ("Tell us a little more", "info"),
    StepType.TIMESLOT: ("When suits you?", "calendar"),
    StepType.CUSTOMER: ("Your details", "user"),
    StepType.SUMMARY: ("Check and book", "check"),
}
# The steps that no flow can do without, and the one that most want, in a fair order.
STANDARD_STEPS = (
    StepType.SERVICE_SELECTION,
    StepType.DETAILS,
    StepType.TIMESLOT,
    StepType.CUSTOMER,
    StepType.SUMMARY,
)


def new_step(flow: BookingFlow, kind: str, *, position: int) -> BookingFlowStep:
    """A step with its first words; not saved."""
    title, icon = FIRST_WORDS[kind]
    return BookingFlowStep(flow=flow, step_type=kind, title=title, icon=icon, position=position)
