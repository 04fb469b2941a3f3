"""The conversations of Summit Peak. Pure; keys as in questions.py and catalogue.py."""

from apps.demo.machinery.trees import Ask, Book, Way


def _age_then(repair: str) -> Ask:
    return Ask(
        "water-heater-age",
        (
            Way(("young",), Book(repair)),
            Way(("old",), Book("water-heater-replacement")),
            Way(("unsure",), Book(repair)),
        ),
    )


HOT_WATER = Ask(
    "water-heater-fuel",
    (
        Way(("gas",), _age_then("water-heater-repair-gas")),
        Way(("electric",), _age_then("water-heater-repair-electric")),
        Way(("unsure",), Book("water-heater-check")),
    ),
)
DRAIN = Ask("which-drain", (Way(("kitchen", "bath", "toilet", "several"), Book("drain-clearing")),))
LEAK = Book("leak-repair", then=Ask("water-running", (Way(("yes", "drips", "off")),)))
NO_HEAT = Ask(
    "furnace-symptom",
    (
        Way(
            ("nothing", "cold-air", "short-cycles"),
            Book("furnace-no-heat", then=Ask("who-is-home", (Way(("yes", "no")),))),
        ),
    ),
)
THERMOSTAT = Ask("thermostat-there", (Way(("yes", "no"), Book("thermostat")),))
PANEL = Ask("panel-why", (Way(("car", "heat-pump", "old"), Book("panel-upgrade")),))

PLUMBING_WAYS = (
    Way(("no-hot-water",), HOT_WATER),
    Way(("drain",), DRAIN),
    Way(("leak",), LEAK),
    # The answer itself is the service.
    Way(("toilet",)),
)
EVERYTHING = Ask(
    "what-do-you-need",
    (
        *PLUMBING_WAYS,
        Way(("no-heat",), NO_HEAT),
        Way(("ac",)),
        Way(("thermostat",), THERMOSTAT),
        Way(("plan",)),
        Way(("panel",), PANEL),
    ),
)
PLUMBING = Ask("what-about-plumbing", PLUMBING_WAYS)
