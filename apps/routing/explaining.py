"""Every rule's verdict on a page, condition by condition, in words: for the tester, not for traffic. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from apps.routing.addresses import Page, address_of
from apps.routing.globs import fits
from apps.routing.matching import Rule
from apps.routing.patterns import PRESENT, PathMatch, Pattern, value_fits

# So many characters of what came in an address are repeated.
SHOWN = 120


class Outcome(StrEnum):
    """What became of a rule on a page."""

    WINS = "wins"
    LATER = "later"  # it fits, but one before it does, too
    NO = "no"
    OFF = "off"  # switched off, or leads to no published flow


@dataclass(frozen=True, slots=True)
class Check:
    """One condition, whether it holds, and why in words."""

    holds: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A rule as staff see it: with its flows' titles, and why it is not weighed at all, if so."""

    rule: Rule
    leads_to: str
    passed_over: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule with what became of it, and why."""

    candidate: Candidate
    outcome: Outcome
    checks: tuple[Check, ...]


def explain(
    candidates: Iterable[Candidate], page: Page, *, config_id: UUID | None, default_config_id: UUID | None
) -> list[Verdict]:
    """The verdicts in the order in which rules are tried; at most one wins, the one that decides."""
    ordered = sorted(candidates, key=lambda one: (one.rule.is_default, one.rule.priority, one.rule.id))
    checked = [(one, tuple(_checks(one, page, config_id))) for one in ordered]
    in_use = [one for one, checks in checked if all(check.holds for check in checks)]
    winner = next((one for one in in_use if not one.rule.is_default), None)
    if winner is None:
        defaults = {one.rule.config_id: one for one in in_use}
        own = config_id or default_config_id
        winner = (defaults.get(own) if own is not None else None) or defaults.get(None)
    return [Verdict(one, _outcome(one, checks, winner), checks) for one, checks in checked]


def _outcome(one: Candidate, checks: Sequence[Check], winner: Candidate | None) -> Outcome:
    if one is winner:
        return Outcome.WINS
    if one.passed_over:
        return Outcome.OFF
    return Outcome.LATER if all(check.holds for check in checks) else Outcome.NO


def _checks(one: Candidate, page: Page, config_id: UUID | None) -> Iterable[Check]:
    if one.passed_over:
        yield Check(holds=False, words=one.passed_over)
    if not one.rule.is_for(config_id):
        yield Check(holds=False, words="It is for another widget.")
    pattern = one.rule.pattern
    if one.rule.is_default:
        yield Check(holds=True, words="The default fits where no other rule does.")
        return
    yield _path_check(pattern, page)
    for name, wanted in pattern.query:
        yield _param_check(name, wanted, page.params.get(name))


def _path_check(pattern: Pattern, page: Page) -> Check:
    path = _shown(address_of(page.segments, {}))
    if pattern.kind is PathMatch.ANY:
        return Check(holds=True, words="Any page fits.")
    if fits(pattern.parts, page.segments):
        below = {
            PathMatch.EXACT: f"The page is {pattern.path}.",
            PathMatch.PREFIX: f"{path} is {pattern.path} or below it.",
            PathMatch.GLOB: f"{path} is like {pattern.path}.",
        }
        return Check(holds=True, words=below[pattern.kind])
    otherwise = {
        PathMatch.EXACT: f"The page is {path}, not {pattern.path}.",
        PathMatch.PREFIX: f"{path} is neither {pattern.path} nor below it.",
        PathMatch.GLOB: f"{path} is not like {pattern.path}.",
    }
    return Check(holds=False, words=otherwise[pattern.kind])


def _param_check(name: str, wanted: str, value: str | None) -> Check:
    holds = value_fits(wanted, value)
    if value is None:
        needed = "It must be there." if wanted == PRESENT else f"It must be {wanted}."
        return Check(holds=False, words=f"{name} is not in the address. {needed}")
    if holds:
        said = f"{name} is there" if wanted == PRESENT else f"{name} is {wanted}"
        return Check(holds=True, words=f"{said}.")
    return Check(holds=False, words=f"{name} is “{_shown(value)}”, not {wanted}.")


def _shown(text: str) -> str:
    """What came in an address, as it may stand in a sentence: short, and without bytes that are no text."""
    plain = text.encode("utf-8", "replace").decode()
    return plain if len(plain) <= SHOWN else f"{plain[: SHOWN - 1]}…"
