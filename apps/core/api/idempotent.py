"""How a view runs its one command once per key."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from apps.core.actors import Actor
from apps.core.errors import IdempotencyKeyMissing, InvalidInput
from apps.core.idempotency import Answer, IdempotencyKey, run_once

HEADER = "Idempotency-Key"
MAX_KEY_LENGTH = 128


def answer_once(
    request: Request, *, actor: Actor, endpoint: str, payload: Any, operation: Callable[[], Answer]
) -> HttpResponse:
    """Run the operation, or replay what its key was answered before; a replay says so in a header.

    `endpoint` names the operation and whatever ids its address holds. Raises IdempotencyKeyMissing and
    what `run_once` raises.
    """
    key = key_of(request)
    answer = run_once(IdempotencyKey.of(actor=actor, endpoint=endpoint, key=key, payload=payload), operation)
    return response_of(answer)


def key_of(request: Request) -> str:
    """The key that a mutation came with. Raises IdempotencyKeyMissing, InvalidInput."""
    key = request.headers.get(HEADER, "")
    if not key:
        raise IdempotencyKeyMissing
    if len(key) > MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise InvalidInput({HEADER: [f"Use at most {MAX_KEY_LENGTH} printable ASCII characters."]})
    return key


def response_of(answer: Answer) -> HttpResponse:
    """A fresh or a replayed answer as it goes out."""
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    if answer.replayed:
        response["Idempotent-Replayed"] = "true"
    return response
