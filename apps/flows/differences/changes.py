"""What a change is, and how its sentence is put together."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAX_LISTED = 12
Json = Mapping[str, Any]


class Kind(StrEnum):
    """What happened to something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different, in a sentence."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of one step, or of what is not one step's: the flow's own words, services, headings."""

    title: str
    kind: str
    changes: tuple[Change, ...]


def count(sections: Sequence[Section]) -> int:
    """How many changes there are."""
    return sum(len(section.changes) for section in sections)


def in_short(sections: Sequence[Section]) -> str:
    """The changes in one line, such as “Service selection: 2 changes · Services: 1 change”."""
    parts = [
        f"{section.kind or section.title}: {len(section.changes)} change"
        f"{'' if len(section.changes) == 1 else 's'}"
        for section in sections
    ]
    return " · ".join(parts) or "No changes"


def added(words: str) -> Change:
    """Something is new."""
    return Change(Kind.ADDED, _sentence(words))


def removed(words: str) -> Change:
    """Something is gone."""
    return Change(Kind.REMOVED, _sentence(words))


def changed(words: str) -> Change:
    """Something is another way than before."""
    return Change(Kind.CHANGED, _sentence(words))


def moved(words: str) -> Change:
    """Something stands elsewhere."""
    return Change(Kind.MOVED, _sentence(words))


def _sentence(words: str) -> str:
    """With one full stop: a quotation at the end may bring its own."""
    return words[:-1] if words.endswith((".”.", "?”.", "!”.", "…”.")) else words


def quoted(text: Any) -> str:
    """A text in quotation marks; a long one by its beginning."""
    plain = str(text).strip()
    return f"“{plain[:117]}…”" if len(plain) > 120 else f"“{plain}”"  # noqa: PLR2004


def listed(items: Sequence[str]) -> str:
    """A few of them, and how many more there are."""
    more = len(items) - MAX_LISTED
    return ", ".join(items[:MAX_LISTED]) + (f" and {more} more" if more > 0 else "")


def text_change(what: str, old: Any, new: Any) -> Iterator[Change]:
    """A text that was written, rewritten or deleted; `what` is its name, such as “Title”."""
    before, after = (old or "").strip(), (new or "").strip()
    if before == after:
        return
    if not before:
        yield added(f"{what} added: {quoted(after)}.")
    elif not after:
        yield removed(f"{what} removed: {quoted(before)}.")
    else:
        yield changed(f"{what}: {quoted(before)} is now {quoted(after)}.")


def words_changes(old: Json, new: Json) -> Iterator[Change]:
    """Title, description and icon."""
    yield from text_change("Title", old.get("title"), new.get("title"))
    yield from text_change("Description", old.get("description"), new.get("description"))
    yield from text_change("Icon", old.get("icon"), new.get("icon"))


def list_changes(what: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Members of a list that came or went: “Zip codes of Denver: 80212 added, 80202 removed.”"""
    before, after = dict.fromkeys(old), dict.fromkeys(new)
    came = [item for item in after if item not in before]
    went = [item for item in before if item not in after]
    if came and went:
        yield changed(f"{what}: {listed(came)} added, {listed(went)} removed.")
    elif came:
        yield added(f"{what}: {listed(came)} added.")
    elif went:
        yield removed(f"{what}: {listed(went)} removed.")


def switched(what: str, old: Any, new: Any) -> Iterator[Change]:
    """Something that is on or off."""
    if bool(old) != bool(new):
        yield changed(f"{what}: {'on' if new else 'off'} (was {'on' if old else 'off'}).")


def staying(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Of what is in both, the largest part whose order is the same: whatever else is in both has moved.

    The longest increasing run of old positions, in O(n log n).
    """
    position = {item: place for place, item in enumerate(old)}
    common = [item for item in new if item in position]
    ends: list[str] = []  # for each length, the last item of the run that ends earliest
    before: dict[str, str | None] = {}
    for item in common:
        place = bisect_left(ends, position[item], key=position.__getitem__)
        before[item] = ends[place - 1] if place else None
        ends[place : place + 1] = [item]
    kept = set[str]()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
