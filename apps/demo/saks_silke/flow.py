"""The salon's flow: services first, as many as one likes; nobody is asked for a zip code."""

from collections.abc import Mapping
from typing import Any

from apps.availability.models import Location
from apps.demo.machinery.business import Flow
from apps.demo.saks_silke.branches import NORREBRO
from apps.demo.saks_silke.conversation import EVERYTHING
from apps.flows.models import StepType

TEXTS = {
    StepType.SERVICE_SELECTION: ("What would you like?", "", "scissors"),
    StepType.TIMESLOT: ("When would you like to come?", "", "calendar"),
    StepType.CUSTOMER: ("Who are we looking forward to?", "", "user"),
    StepType.SUMMARY: ("Ready?", "", "check"),
}
CONSENT = "By going on you agree that we write to you about this visit. Nothing else."
POLICY = "Moving or cancelling is free until 24 hours before. You pay in the salon, by card or MobilePay."


def configs(
    locations: Mapping[str, Location], *, consent: str = CONSENT, policy: str = POLICY
) -> dict[StepType, dict[str, Any]]:
    """How the steps work, in whichever language they speak."""
    location = locations[NORREBRO.key]
    return {
        StepType.SERVICE_SELECTION: {"allow_several": True},
        StepType.TIMESLOT: {
            "allow_resource_choice": True,
            "location_id": str(location.id),
            "location_name": NORREBRO.name,
        },
        StepType.CUSTOMER: {
            "fields": {"email": "optional", "address": "hidden"},
            "consent_text": consent,
        },
        StepType.SUMMARY: {"policy_text": policy, "confirm_label": None},
    }


VISIT = Flow(
    key="visit",
    title="Book a visit",
    description="Wash, cut, colour and brows on Nørrebro.",
    icon="scissors",
    tree=EVERYTHING,
    steps=(StepType.SERVICE_SELECTION, StepType.TIMESLOT, StepType.CUSTOMER, StepType.SUMMARY),
    texts=TEXTS,
    configs=configs,
)
