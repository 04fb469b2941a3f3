"""The same conversation in Danish, for the Danish pages.

Services and the questions of checkout are the business's, with one text each: theirs stay English.
"""

from collections.abc import Mapping
from typing import Any

from apps.availability.models import Location
from apps.demo.machinery.business import Answer, Flow, Question
from apps.demo.machinery.trees import Ask, Book, Way
from apps.demo.saks_silke.danish import SERVICES
from apps.demo.saks_silke.flow import configs
from apps.flows.models import StepType

CATEGORIES = {"haar": ("Hår", "scissors"), "ansigt": ("Ansigt", "sparkles")}


def _service(key: str, *, icon: str = "sparkles", category: str = "") -> Answer:
    texts = SERVICES[key]
    return Answer(texts.title, texts.description, icon, category, service=key)


QUESTIONS = {
    "hvad-skal-vi-lave": Question(
        "Hvad skal vi lave?",
        "Du kan lægge mere til bagefter: en vask før farven, bryn efter klipningen.",
        answers={
            "vask": _service("wash", icon="droplets", category="haar"),
            "klip": Answer("Klip", "Med en snak først, hos en frisør", "scissors", "haar"),
            "farve": Answer("Farve", "Udgroning, hele håret eller balayage", "sparkles", "haar"),
            "bryn": Answer("Bryn", "Formet, eller formet og farvet", "sparkles", "ansigt"),
        },
    ),
    "hvor-langt-er-dit-haar": Question(
        "Hvor langt er dit hår?",
        answers={
            "kort": Answer("Kort", "Til ørerne eller kortere", "scissors"),
            "langt": Answer("Langt", "Under ørerne", "scissors"),
        },
    ),
    "hvilken-farve": Question(
        "Hvilken farve?",
        help_text="Er det første gang? Vælg det, der ligner mest. Vi taler sammen, før vi blander.",
        answers={
            "udgroning": _service("colour-roots"),
            "hele": _service("colour-full"),
            "balayage": _service("balayage"),
        },
    ),
    "hvilke-bryn": Question(
        "Hvordan skal dine bryn være?",
        answers={"formet": _service("brows-shape"), "farvet": _service("brows-tint")},
    ),
}
EVERYTHING = Ask(
    "hvad-skal-vi-lave",
    (
        Way(("vask",)),
        Way(
            ("klip",),
            Ask(
                "hvor-langt-er-dit-haar",
                (Way(("kort",), Book("cut-short")), Way(("langt",), Book("cut-long"))),
            ),
        ),
        Way(("farve",), Ask("hvilken-farve", (Way(("udgroning", "hele", "balayage")),))),
        Way(("bryn",), Ask("hvilke-bryn", (Way(("formet", "farvet")),))),
    ),
)
TEXTS = {
    StepType.SERVICE_SELECTION: ("Hvad skal vi lave?", "", "scissors"),
    StepType.TIMESLOT: ("Hvornår vil du komme?", "", "calendar"),
    StepType.CUSTOMER: ("Hvem glæder vi os til at se?", "", "user"),
    StepType.SUMMARY: ("Er du klar?", "", "check"),
}
CONSENT = "Når du fortsætter, siger du ja til, at vi skriver til dig om besøget. Ikke om andet."
POLICY = "Flyt eller aflys gratis indtil 24 timer før. Du betaler i salonen med kort eller MobilePay."


def _configs(locations: Mapping[str, Location]) -> dict[StepType, dict[str, Any]]:
    return configs(locations, consent=CONSENT, policy=POLICY)


VISIT = Flow(
    key="visit-danish",
    title="Book en tid",
    description="Vask, klip, farve og bryn på Nørrebro.",
    icon="scissors",
    tree=EVERYTHING,
    steps=(StepType.SERVICE_SELECTION, StepType.TIMESLOT, StepType.CUSTOMER, StepType.SUMMARY),
    texts=TEXTS,
    configs=_configs,
)
