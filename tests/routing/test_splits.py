"""Who gets which of several flows."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.routing.splits import Target, assign

RULE = UUID(int=1)
A, B, C = (Target(UUID(int=10 + number), UUID(int=20 + number)) for number in range(3))
KEYS = [str(number) for number in range(10_000)]

weights = st.integers(1, 20)


def shares(*targets: Target, rule_id: UUID = RULE) -> dict[UUID, float]:
    counted = Counter(assign(rule_id, targets, key).flow_id for key in KEYS)
    return {target.flow_id: counted[target.flow_id] / len(KEYS) for target in targets}


class TestAssign:
    def test_one_visitor_always_gets_the_same(self) -> None:
        """Fixed: a change of the hash would deal every visitor anew."""
        dealt = "".join("ABC"[assign(RULE, (A, B, C), key).flow_id.int - 10] for key in KEYS[:24])
        assert dealt == "CBCBCCACCCCBCACCABACAACC"

    def test_the_order_in_which_flows_are_listed_plays_no_part(self) -> None:
        assert [assign(RULE, (A, B, C), key) for key in KEYS[:200]] == [
            assign(RULE, (C, A, B), key) for key in KEYS[:200]
        ]

    def test_two_rules_deal_independently(self) -> None:
        both = Counter(
            (assign(RULE, (A, B), key).flow_id, assign(UUID(int=2), (A, B), key).flow_id) for key in KEYS
        )
        assert all(abs(count / len(KEYS) - 0.25) < 0.02 for count in both.values())
        assert len(both) == 4

    def test_nobody_in_particular_gets_the_first(self) -> None:
        assert assign(RULE, (B, A), "") == B

    @pytest.mark.parametrize("dealt", [(1, 1), (1, 3), (1, 1, 1), (5, 3, 2), (1, 99)])
    def test_each_flow_gets_its_share(self, dealt: tuple[int, ...]) -> None:
        targets = [replace(target, weight=weight) for target, weight in zip((A, B, C), dealt, strict=False)]
        total, found = sum(dealt), shares(*targets)
        chi_square = sum(
            (found[target.flow_id] - target.weight / total) ** 2 * len(KEYS) / (target.weight / total)
            for target in targets
        )
        assert chi_square < 13.8  # one run in a thousand would be beyond, for two degrees of freedom

    @given(weights, weights, weights, weights, st.text(max_size=20))
    def test_a_changed_weight_moves_visitors_only_to_or_from_that_flow(
        self, one: int, two: int, three: int, other: int, key: str
    ) -> None:
        before = (replace(A, weight=one), replace(B, weight=two), replace(C, weight=three))
        after = (*before[:2], replace(C, weight=other))
        was, now = assign(RULE, before, key).flow_id, assign(RULE, after, key).flow_id
        if was != now:
            assert (now if other > three else was) == C.flow_id

    def test_no_more_visitors_move_than_the_shares_do(self) -> None:
        before, after = (A, B, C), (A, B, replace(C, weight=2))
        moved = sum(assign(RULE, before, key).flow_id != assign(RULE, after, key).flow_id for key in KEYS)
        assert abs(moved / len(KEYS) - (2 / 4 - 1 / 3)) < 0.02

    def test_who_had_a_flow_that_is_gone_is_dealt_to_the_rest(self) -> None:
        for key in KEYS[:500]:
            was = assign(RULE, (A, B, C), key)
            assert was == C or assign(RULE, (A, B), key) == was
