"""Which of several flows a visitor gets: a pure function of the rule, the visitor and the weights.

Weighted rendezvous hashing: each flow draws a lot from SHA-256 of rule, flow and visitor, and the luckiest
for its weight wins. Nothing is stored, every process agrees, and where one flow's weight changes, visitors
only move to it or away from it (docs/adr/0014-visitors-by-a-number.md).
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

MAX_VISITOR_LENGTH = 64
_LOTS = 2**64


@dataclass(frozen=True, slots=True)
class Target:
    """A flow that a rule leads to, its published version, and how large a share of visitors it gets."""

    flow_id: UUID
    version_id: UUID
    weight: int = 1


def assign(rule_id: UUID, targets: Sequence[Target], visitor: str) -> Target:
    """The visitor's flow: the same whenever rule, flows and weights are.

    Nobody in particular (`visitor` is empty) gets the first.
    """
    if len(targets) == 1 or not visitor:
        return targets[0]
    return min(targets, key=lambda target: (_lot(rule_id, target, visitor), target.flow_id))


def _lot(rule_id: UUID, target: Target, visitor: str) -> float:
    """Exponentially distributed, at the rate of the weight: the smallest of several is each one's share."""
    digest = hashlib.sha256(rule_id.bytes + target.flow_id.bytes + visitor.encode()).digest()
    fraction = (int.from_bytes(digest[:8], "big") + 1) / (_LOTS + 1)
    return -math.log(fraction) / target.weight
