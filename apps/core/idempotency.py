"""One key, one effect: a retried request gets the first one's answer (seed 003).

The answer is stored in PostgreSQL in the transaction of the effect. A refusal rolls both back, so a retry
may succeed.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apps.core import wire
from apps.core.actors import Actor
from apps.core.asking import Asked, wait
from apps.core.clock import app_now
from apps.core.commands import retry_on_deadlock, unit_of_work
from apps.core.constraints import constraint_means
from apps.core.errors import DomainError, IdempotencyInProgress, IdempotencyKeyReused
from apps.core.functions import AppNow
from apps.core.models import IdempotencyRecord
from apps.core.writing import insert

constraint_means("idempotency_key_in_progress", IdempotencyInProgress)

KEPT_FOR = timedelta(hours=24)
CLAIM = "SELECT payload, status, body FROM core_take_key(%s::bigint, %s, %s)"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the JSON text of a body without any personal data."""

    status: int
    body: str
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A caller's key, scoped to the actor and the endpoint, with the payload that it stands for."""

    scope_digest: bytes
    payload_digest: bytes

    @classmethod
    def of(cls, *, actor: Actor, endpoint: str, key: str, payload: Any) -> "IdempotencyKey":
        """Digest the parts: the same key of another actor or endpoint is another key."""
        scope = "\x00".join([str(actor.organization_id), actor.kind, actor.id, endpoint, key])
        canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"), default=str)
        return cls(
            scope_digest=hashlib.sha256(scope.encode()).digest(),
            payload_digest=hashlib.sha256(canonical.encode()).digest(),
        )


def run_once(key: IdempotencyKey, operation: Callable[[], Answer]) -> Answer:
    """Run the operation's one command, or replay its stored answer.

    Raises IdempotencyInProgress while a twin runs, IdempotencyKeyReused for another payload, and whatever
    the operation raises.
    """

    def whole() -> Answer:
        with unit_of_work():
            claim = _Claim(key)
            wait(claim)
            try:
                answer = operation()
            except DomainError:
                if claim.waits():  # what was answered before comes first
                    claim.answer()
                raise
            claim.answer()
            _store(key, answer)
            return answer

    try:
        return retry_on_deadlock(whole, name="idempotency.run_once")
    except _Known as known:
        return known.answer


def stored_answer(key: IdempotencyKey) -> Answer | None:
    """What this key was answered before, if it was. Raises IdempotencyKeyReused for another payload.

    For work that is idempotent by itself and too long for one transaction: look here, do the work, and let
    `run_once` keep its answer.
    """
    stored = IdempotencyRecord.objects.filter(scope_digest=key.scope_digest).first()
    if stored is None or stored.created_at <= app_now() - KEPT_FOR:
        return None
    return _known(key, bytes(stored.payload_digest), Answer(stored.status, stored.body, replayed=True))


def _known(key: IdempotencyKey, payload_digest: bytes, answer: Answer) -> Answer:
    if payload_digest != key.payload_digest:
        raise IdempotencyKeyReused
    return answer


class _Known(Exception):
    """The key has been answered before."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class _Claim(Asked[None]):
    """Takes the key for this transaction, with the operation's first statement and before it.

    A twin that runs is not waited for: that would only occupy a connection. `core_take_key` refuses then, so
    nothing that comes after it is run.
    """

    def __init__(self, key: IdempotencyKey) -> None:
        lock_id = int.from_bytes(key.scope_digest[:8], "big", signed=True)
        super().__init__(CLAIM, [lock_id, key.scope_digest, KEPT_FOR], self._ensure_new)
        self._key = key

    def note(self, answer: wire.Answer) -> None:
        """Raises _Known, before anybody can use what has come with it; IdempotencyKeyReused."""
        super().note(answer)
        self.answer()

    def _ensure_new(self, answer: wire.Answer) -> None:
        ((payload_digest, status, body),) = answer.rows
        if payload_digest is not None:
            raise _Known(_known(self._key, bytes(payload_digest), Answer(status, body, replayed=True)))


def _store(key: IdempotencyKey, answer: Answer) -> None:
    insert(
        IdempotencyRecord(
            scope_digest=key.scope_digest,
            payload_digest=key.payload_digest,
            status=answer.status,
            body=answer.body,
            created_at=AppNow(),
        )
    )


def forget_expired() -> int:
    """Delete the records past their time; returns how many."""
    deleted, _ = IdempotencyRecord.objects.filter(created_at__lt=app_now() - KEPT_FOR).delete()
    return deleted
