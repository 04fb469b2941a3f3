"""Answers with links in them: what is stored for a retry holds the links' ids, never their tokens."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from apps.bookings.self_service.links import token_of
from apps.core.actors import Actor
from apps.core.api.idempotent import key_of, response_of
from apps.core.idempotency import Answer, IdempotencyKey, run_once

STORED, SENT = "manage_token_id", "manage_token"


def answer_once_with_links(
    request: Request, *, actor: Actor, endpoint: str, payload: Any, operation: Callable[[], Answer]
) -> HttpResponse:
    """As `answer_once`: wherever the body has a `manage_token_id`, the link's `manage_token` is sent.

    A token is made from its id, so the first answer and every replay have the same.
    """
    key = IdempotencyKey.of(actor=actor, endpoint=endpoint, key=key_of(request), payload=payload)
    answer = run_once(key, operation)
    return response_of(replace(answer, body=with_tokens(answer.body)))


def with_tokens(body: str) -> str:
    """A body of JSON with the tokens in place of their ids."""
    return json.dumps(_filled(json.loads(body)), separators=(",", ":"), ensure_ascii=False)


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            SENT if key == STORED else key: token_of(UUID(inner)) if key == STORED else _filled(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_filled(inner) for inner in value]
    return value
