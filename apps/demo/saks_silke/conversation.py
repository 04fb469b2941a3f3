"""What the widget asks before a service is found, and what checkout asks after."""

from apps.bookings.models import QuestionKind
from apps.demo.machinery.business import Answer, Asked, Question
from apps.demo.machinery.trees import Ask, Book, Way

CATEGORIES = {"hair": ("Hair", "scissors"), "face": ("Face", "sparkles")}
QUESTIONS = {
    "what-would-you-like": Question(
        "What would you like?",
        "You can add more to the same visit afterwards: a wash before the colour, brows after the cut.",
        answers={
            "wash": Answer("", "", "droplets", "hair", service="wash"),
            "cut": Answer("A cut", "With a consultation, by a master", "scissors", "hair"),
            "colour": Answer("A colour", "Roots, all over or balayage", "sparkles", "hair"),
            "brows": Answer("Brows", "Shaped, or shaped and tinted", "sparkles", "face"),
        },
    ),
    "hair-length": Question(
        "How long is your hair?",
        answers={
            "short": Answer("Short", "To the ears or above", "scissors"),
            "long": Answer("Long", "Below the ears", "scissors"),
        },
    ),
    "which-colour": Question(
        "Which colour?",
        help_text="New to colour? Book what comes closest. We talk before we mix.",
        answers={
            "roots": Answer("", "", "sparkles", service="colour-roots"),
            "full": Answer("", "", "sparkles", service="colour-full"),
            "balayage": Answer("", "", "sparkles", service="balayage"),
        },
    ),
    "which-brows": Question(
        "How would you like your brows?",
        answers={
            "shape": Answer("", "", "sparkles", service="brows-shape"),
            "tint": Answer("", "", "sparkles", service="brows-tint"),
        },
    ),
}
EVERYTHING = Ask(
    "what-would-you-like",
    (
        Way(("wash",)),
        Way(
            ("cut",),
            Ask("hair-length", (Way(("short",), Book("cut-short")), Way(("long",), Book("cut-long")))),
        ),
        Way(("colour",), Ask("which-colour", (Way(("roots", "full", "balayage")),))),
        Way(("brows",), Ask("which-brows", (Way(("shape", "tint")),))),
    ),
)
ASKED = (
    Asked(
        key="home-colour",
        text="Have you coloured your hair at home in the last six months?",
        help_text="It changes how we mix. No judgement.",
        kind=QuestionKind.YES_NO,
        required=True,
        services=("colour-roots", "colour-full", "balayage"),
    ),
    Asked(
        key="allergies",
        text="Anything that your skin does not like?",
        help_text="Perfume, latex, a colour that once itched.",
        kind=QuestionKind.TEXT,
        required=False,
    ),
)
