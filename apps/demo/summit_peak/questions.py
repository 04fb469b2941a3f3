"""The questions that lead to the right visit, and the answers to them."""

from apps.demo.machinery.business import Answer, Question

CATEGORIES = {
    "plumbing": ("Plumbing", "droplets"),
    "heating-cooling": ("Heating & cooling", "thermometer"),
    "electrical": ("Electrical", "zap"),
}


def _plumbing(category: str) -> dict[str, Answer]:
    return {
        "no-hot-water": Answer("No hot water", "Cold, lukewarm, or gone too soon", "shower-head", category),
        "drain": Answer("A drain is slow or blocked", "Sink, shower or main line", "droplets", category),
        "leak": Answer("Something leaks", "A pipe, a tap, a ceiling", "wrench", category),
        "toilet": Answer("Toilet trouble", "", "toilet", category, service="toilet-repair"),
    }


QUESTIONS = {
    "what-do-you-need": Question(
        "What do you need help with?",
        "Pick what comes closest. We sort out the rest together.",
        answers={
            **_plumbing("plumbing"),
            "no-heat": Answer("No heat", "The furnace is off, or blows cold", "flame", "heating-cooling"),
            "ac": Answer("", "", "snowflake", "heating-cooling", service="ac-tune-up"),
            "thermostat": Answer(
                "A new thermostat", "Fitted and set up for you", "thermometer", "heating-cooling"
            ),
            "plan": Answer("", "", "calendar", "heating-cooling", service="maintenance-visit"),
            "panel": Answer("A new or bigger panel", "For a charger or a heat pump", "plug", "electrical"),
        },
    ),
    "what-about-plumbing": Question("What’s wrong with your plumbing?", answers=_plumbing("")),
    "water-heater-fuel": Question(
        "Is your water heater gas or electric?",
        help_text="A gas heater has a metal vent pipe on top and a small window near the floor.",
        answers={
            "gas": Answer("Gas", "Vent pipe on top, burner below", "flame"),
            "electric": Answer("Electric", "No vent, a thick cable", "zap"),
            "unsure": Answer("I’m not sure", "We bring what both need", "help-circle"),
        },
    ),
    "water-heater-age": Question(
        "How old is the tank?",
        help_text="The label on its side often shows the year in the first four digits of the serial number.",
        answers={
            "young": Answer("Less than 10 years", "A repair usually pays", "wrench"),
            "old": Answer("10 years or more", "A new one is often cheaper in the long run", "clock"),
            "unsure": Answer("I don’t know", "We read the label when we are there", "help-circle"),
        },
    ),
    "which-drain": Question(
        "Which drain is it?",
        answers={
            "kitchen": Answer("Kitchen sink", icon="droplets"),
            "bath": Answer("Bath, shower or basin", icon="shower-head"),
            "toilet": Answer("Toilet", icon="toilet"),
            "several": Answer("Several at once", "Often the main line: please run no water", "home"),
        },
    ),
    "water-running": Question(
        "Is water still running?",
        help_text="The main valve is usually near the meter. Turn it clockwise until it stops.",
        answers={
            "yes": Answer(
                "Yes, and I can’t stop it", "Book, then call (303) 555-0142 at once", "alert-triangle"
            ),
            "drips": Answer("It only drips", "A bucket below it will do", "droplets"),
            "off": Answer("No, I have shut it off", icon="check"),
        },
    ),
    "furnace-symptom": Question(
        "What does the furnace do?",
        help_text="Do you smell gas? Leave the house first, then call 911.",
        answers={
            "nothing": Answer("Nothing at all", icon="x"),
            "cold-air": Answer("It runs, but blows cold", icon="fan"),
            "short-cycles": Answer("It starts and stops again", icon="clock"),
        },
    ),
    "who-is-home": Question(
        "Is anyone at home who must not get cold?",
        "Small children, older people, anyone unwell.",
        help_text="We put these homes first on the day.",
        answers={
            "yes": Answer("Yes", icon="user"),
            "no": Answer("No", icon="house"),
        },
    ),
    "thermostat-there": Question(
        "Do you have the thermostat already?",
        answers={
            "yes": Answer("Yes, it is here", icon="check"),
            "no": Answer("No, please bring one", "We call to help you choose", "phone"),
        },
    ),
    "panel-why": Question(
        "What is the new panel for?",
        answers={
            "car": Answer("Charging a car", icon="plug"),
            "heat-pump": Answer("A heat pump or new AC", icon="fan"),
            "old": Answer("The old one is full or trips", icon="zap"),
        },
    ),
}
