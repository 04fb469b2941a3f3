"""The table against trying every rule in turn."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.routing.addresses import Page
from apps.routing.explaining import Candidate, Outcome, explain
from apps.routing.globs import Partial
from apps.routing.matching import Decision, Rule, Table
from apps.routing.patterns import PathMatch, Pattern
from apps.routing.splits import Target
from apps.routing.tree import Partials
from tests.routing.test_patterns import page_at, patterns

EXACT, PREFIX, GLOB, ANY = PathMatch.EXACT, PathMatch.PREFIX, PathMatch.GLOB, PathMatch.ANY
WEBSITE, POPUP = UUID(int=1001), UUID(int=1002)


def rule(
    number: int,
    pattern: Pattern = Pattern(ANY),  # noqa: B008  (frozen)
    *,
    priority: int | None = None,
    is_default: bool = False,
    config_id: UUID | None = None,
) -> Rule:
    return Rule(
        id=UUID(int=number),
        priority=number if priority is None else priority,
        pattern=pattern,
        is_default=is_default,
        config_id=config_id,
        targets=(Target(UUID(int=8), UUID(int=9)),),
    )


def decision(rules: Sequence[Rule], address: str, config_id: UUID | None = None) -> Decision:
    return Table(rules).decide(page_at(address), config_id=config_id, default_config_id=WEBSITE)


def winner(rules: Sequence[Rule], address: str = "/x", config_id: UUID | None = None) -> Rule | None:
    return decision(rules, address, config_id).rule


class TestDecide:
    def test_priority_one_is_tried_first(self) -> None:
        late, early = rule(1, priority=2), rule(2, priority=1)
        assert winner([late, early]) == early

    def test_passes_over_what_does_not_fit(self) -> None:
        narrow, wide = rule(1, Pattern(EXACT, "/about")), rule(2, Pattern(PREFIX, "/services"))
        assert winner([narrow, wide], "/services/hvac") == wide

    def test_finds_a_campaign_by_its_parameters(self) -> None:
        google = rule(1, Pattern.of(ANY, query={"utm_source": "google"}))
        paid = rule(2, Pattern.of(PREFIX, "/services", {"gclid": "*"}))
        assert winner([google, paid], "/services?gclid=1&utm_source=google") == google
        assert winner([google, paid], "/services/hvac?gclid=1") == paid
        assert winner([google, paid], "/services") is None

    def test_the_default_comes_last_whatever_its_priority(self) -> None:
        default, ordinary = rule(1, is_default=True), rule(2, Pattern(PREFIX, "/services"))
        assert winner([default, ordinary], "/services") == ordinary
        assert winner([default, ordinary], "/about") == default

    def test_a_page_that_names_its_widget_sees_no_other_widgets_rules(self) -> None:
        website, everywhere = rule(1, config_id=WEBSITE), rule(2)
        assert winner([website, everywhere], config_id=POPUP) == everywhere
        assert winner([website, everywhere]) == website

    def test_a_widgets_own_default_goes_before_the_general_one(self) -> None:
        general, own = rule(1, is_default=True), rule(2, is_default=True, config_id=POPUP)
        assert winner([general, own], config_id=POPUP) == own
        assert winner([general, own], config_id=WEBSITE) == general
        assert winner([general, own]) == general

    def test_says_why_in_words(self) -> None:
        rules = [rule(7, Pattern(PREFIX, "/services")), rule(8, is_default=True)]
        assert [decision(rules, address).reason for address in ("/services/hvac", "/about")] == [
            "Rule 7 fits: /services and what is below it.",
            "No other rule fits this page, so the default is used.",
        ]

    def test_without_rules_nothing_wins(self) -> None:
        assert winner([]) is None


numbered = st.lists(
    st.tuples(st.integers(1, 5), patterns, st.sampled_from([None, WEBSITE, POPUP]), st.booleans()), max_size=8
)
addresses = st.builds(
    lambda parts, query: f"/{'/'.join(parts)}?{query}",
    st.lists(st.sampled_from(["a", "b", "ab", "x"]), max_size=4),
    st.sampled_from(["", "u=1", "u=2&v=1", "v=*", "u=1&u=2", "u&v"]),
)


@given(numbered, addresses, st.sampled_from([None, WEBSITE, POPUP]))
def test_the_table_decides_as_trying_every_rule_does(
    drawn: list[tuple[int, Pattern, UUID | None, bool]], address: str, config_id: UUID | None
) -> None:
    rules = [
        rule(number, pattern, priority=priority, config_id=owner)
        for number, (priority, pattern, owner, is_default) in enumerate(drawn, start=1)
        if not is_default
    ]
    owners = {owner: number for number, (_, _, owner, is_default) in enumerate(drawn, start=1) if is_default}
    rules += [rule(number, is_default=True, config_id=owner) for owner, number in owners.items()]
    page = page_at(address)
    verdicts = explain(
        [Candidate(rule=one, leads_to="a flow") for one in rules],
        page,
        config_id=config_id,
        default_config_id=WEBSITE,
    )
    wins = [verdict.candidate.rule for verdict in verdicts if verdict.outcome is Outcome.WINS]
    decided = Table(rules).decide(page, config_id=config_id, default_config_id=WEBSITE).rule
    assert wins == ([decided] if decided else [])


class TestFiveThousandRules:
    """Counted, not timed: so many rules are looked at for one page."""

    def looked_at(self, rules: Sequence[Rule], page: Page) -> int:
        return sum(1 for _ in Table(rules).candidates(page))

    @pytest.mark.parametrize(
        ("path_of", "kind"),
        [
            ("/services/{}", EXACT),
            ("/services/{}", PREFIX),
            ("/*/{}/**", GLOB),
            ("/**/{}", GLOB),
        ],
    )
    def test_paths_are_found_not_searched(self, path_of: str, kind: PathMatch) -> None:
        rules = [rule(number, Pattern(kind, path_of.format(number))) for number in range(1, 5001)]
        assert self.looked_at(rules, page_at("/services/4711")) == 1
        assert self.looked_at(rules, page_at("/services/none")) == 0

    @pytest.mark.parametrize("pieces", [("area-{}-", ""), ("", "-of-{}"), ("in-{}-", "st")], ids=str)
    def test_parts_with_stars_are_found_by_how_they_begin_or_end(self, pieces: tuple[str, str]) -> None:
        partials = Partials()
        for number in range(1, 5001):
            partials.lead(Partial(tuple(piece.format(number) for piece in pieces)))
        segment = "north".join(piece.format(4711) for piece in pieces)
        assert len(list(partials.candidates(segment))) == len(list(partials.fitting(segment))) == 1
        assert list(partials.candidates("elsewhere")) == []

    def test_so_are_campaigns(self) -> None:
        rules = [
            rule(number, Pattern.of(ANY, query={"gclid": "*", "utm_campaign": f"summer-{number}"}))
            for number in range(1, 5001)
        ]
        assert self.looked_at(rules, page_at("/?utm_campaign=summer-4711&gclid=x")) == 1
        assert self.looked_at(rules, page_at("/?gclid=x")) == 0
