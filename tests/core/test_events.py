"""docs/events.md lists every event with its version and payload; no more and no less."""

import dataclasses
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from apps.core.events import DomainEvent
from apps.core.outbox import reactions

ROW = re.compile(r"^\| `(?P<name>[a-z_.]+)` \| (?P<version>\d+) \| (?P<payload>[^|]+) \| (?P<when>[^|]+) \|$")
EXPLAINED = re.compile(r"\([^)]*\)")

Listed = dict[str, tuple[int, set[str]]]


def kinds_of(base: type[DomainEvent]) -> Iterator[type[DomainEvent]]:
    """What can be published: a class that others are kinds of only says what they share."""
    for kind in base.__subclasses__():
        # A dataclass with slots leaves the class that it was made from behind for a while.
        is_leftover = getattr(sys.modules[kind.__module__], kind.__name__, None) is not kind
        if kind.__module__.startswith("apps.") and not is_leftover:
            yield from kinds_of(kind) if kind.__subclasses__() else [kind]


@pytest.fixture(scope="module")
def published() -> list[type[DomainEvent]]:
    """All events of the product; importing every module of events finds them."""
    apps = Path(settings.BASE_DIR, "apps")
    for module in sorted(apps.rglob("*events.py")):
        importlib.import_module(".".join(module.relative_to(apps.parent).with_suffix("").parts))
    return list(kinds_of(DomainEvent))


@pytest.fixture(scope="module")
def rows() -> list[re.Match[str]]:
    text = Path(settings.BASE_DIR, "docs", "events.md").read_text(encoding="utf-8")
    return [row for line in text.splitlines() if (row := ROW.match(line))]


class TestEventsPage:
    def test_lists_every_event_with_its_version_and_payload(
        self, published: list[type[DomainEvent]], rows: list[re.Match[str]]
    ) -> None:
        written: Listed = {}
        fields: set[str] = set()
        for row in rows:
            if row["payload"] != "the same":  # as the row above
                fields = set(re.findall(r"`(\w+)`", EXPLAINED.sub("", row["payload"])))
            written[row["name"]] = int(row["version"]), fields

        assert written == {
            event.name: (
                event.version,
                {field.name for field in dataclasses.fields(event)} - {"organization_id"},
            )
            for event in published
        }

    def test_lists_each_event_once_and_says_when(self, rows: list[re.Match[str]]) -> None:
        names = [row["name"] for row in rows]

        assert len(names) == len(set(names))
        assert all(len(row["when"]) > 10 for row in rows)


class TestEvents:
    def test_no_two_share_a_name(self, published: list[type[DomainEvent]]) -> None:
        names = [event.name for event in published]

        assert sorted(names) == sorted(set(names))

    def test_whatever_is_reacted_to_is_published(self, published: list[type[DomainEvent]]) -> None:
        assert set(reactions()) <= {event.name for event in published}
