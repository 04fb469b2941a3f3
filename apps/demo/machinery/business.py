"""What a demo business is made of; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from apps.availability.models import WEEKDAYS, Location
from apps.demo.machinery.trees import Ask
from apps.flows.models import StepType
from apps.organizations.models import Role
from apps.routing.models import PathMatch

DAY_NAMES = dict(WEEKDAYS)
DANISH_DAYS = {1: "man", 2: "tirs", 3: "ons", 4: "tors", 5: "fre", 6: "lør", 7: "søn"}
MIDDAY = 12


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Working hours on some days of the week; without times, the days off."""

    days: tuple[int, ...]
    start: time | None = None
    end: time | None = None

    def in_words(self) -> str:
        """As on the company's site: `Mon–Fri 8 am – 5 pm`."""
        first, last = DAY_NAMES[self.days[0]], DAY_NAMES[self.days[-1]]
        days = first if first == last else f"{first}–{last}"
        if self.start is None or self.end is None:
            return f"{days} closed"
        return f"{days} {_clock(self.start)} – {_clock(self.end)}"

    def in_danish(self) -> str:
        """`Tirs–fre 10–19`, and `lukket` for days off."""
        first, last = DANISH_DAYS[self.days[0]], DANISH_DAYS[self.days[-1]]
        days = (first if first == last else f"{first}–{last}").capitalize()
        if self.start is None or self.end is None:
            return f"{days} lukket"
        return f"{days} {self.start.hour}–{self.end.hour}"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who serves customers. Without hours of their own they work the branch's."""

    key: str
    name: str
    skills: tuple[str, ...]
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A place of the business, or a city that it serves."""

    key: str
    name: str
    timezone: str
    address: str
    phone: str
    hours: tuple[Hours, ...]
    people: tuple[Person, ...]
    zip_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Service:
    """One thing that customers can book; no price means that the note says it all."""

    key: str
    title: str
    description: str
    icon: str
    minutes: int
    price: str | None
    note: str = ""
    skills: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """An answer in words, or (with `service`) a service that is the answer."""

    title: str
    description: str = ""
    icon: str = ""
    category: str = ""
    service: str = ""


@dataclass(frozen=True)
class Question:
    """A question with its answers by key, in their order."""

    title: str
    description: str = ""
    help_text: str = ""
    icon: str = "help-circle"
    answers: dict[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question at checkout; without services it is asked whatever is booked."""

    key: str
    text: str
    help_text: str = ""
    kind: str
    required: bool
    services: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A flow: its conversation, which steps stand around it, and what each says."""

    key: str
    title: str
    description: str
    icon: str
    tree: Ask
    steps: tuple[StepType, ...]
    # Title, description, icon.
    texts: Mapping[StepType, tuple[str, str, str]]
    # The steps' own settings, given the branches' rows by key.
    configs: Callable[[Mapping[str, Location]], Mapping[StepType, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Route:
    """Which page opens which flow; without a path, every page that no other route names."""

    key: str
    flow: str
    priority: int = 0
    path: str = ""

    @property
    def path_match(self) -> PathMatch:
        """A path stands for what lies below it, too."""
        return PathMatch.PREFIX if self.path else PathMatch.ANY


@dataclass(frozen=True, kw_only=True)
class Look:
    """The brand kit, and what the widget shows where nothing can be booked."""

    name: str
    logo: Path
    kit: Mapping[str, Any]
    fallback_title: str
    fallback_description: str


@dataclass(frozen=True, kw_only=True)
class Login:
    """Who can sign in; without a role they run the platform."""

    title: str
    first_name: str
    last_name: str
    email: str
    # Their password: public, as everything about a demo is.
    phrase: str
    role: Role | None


@dataclass(frozen=True, kw_only=True)
class Business:
    """A whole demo business. Its rows' ids come from its slug and its parts' keys."""

    package: Path
    slug: str
    name: str
    phone: str
    timezone: str
    country: str
    locale: str
    currency: str
    policy: Mapping[str, Any]
    start_every_minutes: int
    branches: tuple[Branch, ...]
    holidays: Callable[[int], Mapping[date, str]]
    services: tuple[Service, ...]
    # Title and icon by key.
    categories: Mapping[str, tuple[str, str]]
    questions: Mapping[str, Question]
    asked: tuple[Asked, ...] = ()
    flows: tuple[Flow, ...]
    routes: tuple[Route, ...]
    look: Look
    logins: tuple[Login, ...]


def _clock(moment: time) -> str:
    """On the full hour, as people say it: `8 am`, `noon`."""
    if moment.hour == MIDDAY:
        return "noon"
    return f"{moment.hour % 12 or 12} {'am' if moment.hour < MIDDAY else 'pm'}"
