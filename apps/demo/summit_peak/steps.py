"""What each step of the flows says and asks."""

from collections.abc import Mapping
from typing import Any

from apps.availability.models import Location
from apps.demo.summit_peak.branches import BRANCHES
from apps.flows.models import StepType

TEXTS: dict[StepType, tuple[str, str, str]] = {
    StepType.ZIPCODE: (
        "Where do you need us?",
        "Your zip code tells us which of our branches comes to you.",
        "map-pin",
    ),
    StepType.SERVICE_SELECTION: ("What do you need help with?", "", "wrench"),
    StepType.DETAILS: (
        "Tell us a little more",
        "The better we know what to expect, the better we come prepared.",
        "info",
    ),
    StepType.TIMESLOT: ("When should we come?", "", "calendar"),
    StepType.CUSTOMER: ("Who do we come to see?", "", "user"),
    StepType.SUMMARY: ("Everything right?", "", "check"),
}
DETAIL_FIELDS: list[dict[str, Any]] = [
    {
        "key": "what_happens",
        "label": "What is happening?",
        "help_text": "Since when, and how often. The make and model help if you have them at hand.",
        "kind": "textarea",
        "max_length": 600,
    },
    {
        "key": "access",
        "label": "How do we get in?",
        "help_text": "A gate code, where to park, which door.",
        "kind": "text",
        "max_length": 200,
    },
    {
        "key": "pets",
        "label": "Any pets at home?",
        "kind": "select",
        "options": [
            {"value": "none", "label": "No pets"},
            {"value": "dog", "label": "A dog"},
            {"value": "cat", "label": "A cat"},
            {"value": "other", "label": "Others"},
        ],
    },
    {
        "key": "may_approve",
        "label": "I own this home, or may approve work on it",
        "kind": "checkbox",
    },
]
OUTSIDE = (
    "We work in central Denver and central Phoenix, and we are growing. "
    "Call us: sometimes we can come, and if not, we know good people near you."
)
CONSENT = "By going on you agree that we call or text you about this visit. No advertising."
POLICY = (
    "Moving or cancelling your visit is free until 24 hours before; after that we charge $49. "
    "We text you when your technician is on the way, and nothing is done before you have agreed to its price."
)


def type_configs(
    locations: Mapping[str, Location], *, allow_technician_choice: bool
) -> dict[StepType, dict[str, Any]]:
    """The steps' own settings; the graph of the service selection is rows and not in here."""
    return {
        StepType.ZIPCODE: {"areas": _areas(locations), "outside_message": OUTSIDE},
        StepType.DETAILS: {"fields": DETAIL_FIELDS},
        StepType.TIMESLOT: {"allow_resource_choice": allow_technician_choice},
        StepType.CUSTOMER: {
            "fields": {"email": "optional", "address": "required"},
            "consent_text": CONSENT,
        },
        StepType.SUMMARY: {"policy_text": POLICY, "confirm_label": None},
    }


def _areas(locations: Mapping[str, Location]) -> list[dict[str, Any]]:
    return [
        {
            "location_id": str(locations[branch.key].id),
            "location_name": branch.name,
            "zip_codes": list(branch.zip_codes),
        }
        for branch in BRANCHES
    ]
