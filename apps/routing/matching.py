"""Which rule a page meets: rules compiled into a table that asks few of them, however many there are. Pure.

The paths of all rules are one tree (tree.py). A page walks down it once; each rule stands where its path
ends, found there by one of its parameters where it has any. So what a page costs grows with the page and with
the rules that could mean it, not with the number of rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.routing.addresses import Page
from apps.routing.patterns import PRESENT, Pattern
from apps.routing.splits import Target, assign
from apps.routing.tree import PathTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as it is weighed. Its `targets` are published."""

    id: UUID
    priority: int
    pattern: Pattern
    is_default: bool = False
    config_id: UUID | None = None
    targets: tuple[Target, ...]

    def is_for(self, config_id: UUID | None) -> bool:
        """Whether a page that names this widget sees the rule; one that names none sees every rule."""
        return config_id is None or self.config_id in {config_id, None}


@dataclass(frozen=True, slots=True)
class Decision:
    """The rule that won, or None, and why in words; which of its flows, and whether there were several."""

    rule: Rule | None
    reason: str
    target: Target | None = None

    @property
    def is_split(self) -> bool:
        """Whether other visitors get another flow here."""
        return self.rule is not None and len(self.rule.targets) > 1


NO_RULE_FITS = "No rule fits this page, and there is no default."


class Table:
    """An organization's rules, compiled. Priority 1 first; of one priority, which never meet, the oldest."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        rules = list(rules)
        self.ordinary: Sequence[Rule] = sorted(
            (rule for rule in rules if not rule.is_default), key=lambda rule: (rule.priority, rule.id)
        )
        self.defaults: Mapping[UUID | None, Rule] = {
            rule.config_id: rule for rule in rules if rule.is_default
        }
        self._tree = PathTree()
        for rank, rule in enumerate(self.ordinary):
            self._tree.add(rank, rule.pattern.parts, rule.pattern.query)

    def candidates(self, page: Page) -> Iterator[Rule]:
        """The rules whose path fits, and one of whose parameters does, in the order of trying."""
        ranks: list[int] = []
        for node in self._tree.ends_of(page.segments):
            ranks += node.plain
            if node.by_param:
                for name, value in page.params.items():
                    ranks += node.by_param.get((name, value), ())
                    if value != PRESENT:
                        ranks += node.by_param.get((name, PRESENT), ())
        return map(self.ordinary.__getitem__, sorted(ranks))

    def decide(
        self, page: Page, *, config_id: UUID | None, default_config_id: UUID | None, visitor: str = ""
    ) -> Decision:
        """The first rule that fits the page, by priority; else the default.

        A page that names its widget (`config_id`) sees that widget's rules and the general ones; any other
        page sees all rules. A widget's own default goes before the general one. Where the rule has several
        flows, `visitor` decides which.
        """
        for rule in self.candidates(page):
            if rule.is_for(config_id) and rule.pattern.fits_query(page):
                return _won(rule, f"Rule {rule.priority} fits: {rule.pattern.in_words()}.", visitor)
        own = config_id or default_config_id
        if own is not None and own in self.defaults:
            why = "No other rule fits this page, so this widget's default is used."
            return _won(self.defaults[own], why, visitor)
        if None in self.defaults:
            return _won(self.defaults[None], "No other rule fits this page, so the default is used.", visitor)
        return Decision(None, NO_RULE_FITS)


def _won(rule: Rule, reason: str, visitor: str) -> Decision:
    return Decision(rule, reason, assign(rule.id, rule.targets, visitor))
