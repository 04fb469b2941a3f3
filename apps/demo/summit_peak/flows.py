"""The two booking flows: everything, and a shorter one for the plumbing page."""

from functools import partial

from apps.demo.machinery.business import Flow
from apps.demo.summit_peak.steps import TEXTS, type_configs
from apps.demo.summit_peak.trees import EVERYTHING, PLUMBING
from apps.flows.models import StepType

MAIN = Flow(
    key="main",
    title="Book a visit",
    description="Heating, cooling, plumbing and electrical, in Denver and Phoenix.",
    icon="house",
    tree=EVERYTHING,
    steps=(
        StepType.ZIPCODE,
        StepType.SERVICE_SELECTION,
        StepType.DETAILS,
        StepType.TIMESLOT,
        StepType.CUSTOMER,
        StepType.SUMMARY,
    ),
    texts=TEXTS,
    configs=partial(type_configs, allow_technician_choice=True),
)
PLUMBER = Flow(
    key="plumbing",
    title="Book a plumber",
    description="Drains, leaks, toilets and hot water.",
    icon="droplets",
    tree=PLUMBING,
    steps=(
        StepType.ZIPCODE,
        StepType.SERVICE_SELECTION,
        StepType.TIMESLOT,
        StepType.CUSTOMER,
        StepType.SUMMARY,
    ),
    texts=TEXTS,
    configs=partial(type_configs, allow_technician_choice=False),
)
