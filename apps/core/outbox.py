"""Publishing: in the transaction, one row; after it, delivery at least once.

`on_commit` alone is lost when a process dies between the commit and the call. So the row is the promise,
the nudge makes it quick, and the sweep makes it certain.
"""

import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import cast

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.module_loading import import_string
from kombu.exceptions import KombuError, OperationalError
from redis.exceptions import RedisError

from apps.core.clock import app_now
from apps.core.context import current_request_id, request_id_scope
from apps.core.events import DomainEvent, Message, Reactions
from apps.core.functions import AppNow
from apps.core.logs import mask_personal_data
from apps.core.models import OutboxMessage
from apps.core.soft_redis import Breaker
from apps.core.writing import insert

logger = logging.getLogger(__name__)

RELAY_BATCH = 200
MAX_BACKOFF = timedelta(hours=1)
# Longer than any batch takes: a message whose lease has run out is delivered again.
LEASE = timedelta(minutes=5)
NUDGE_EVERY_SECONDS = 0.2
# A broker that hangs costs one request a wait, not each.
BROKER = Breaker(what="the broker", meanwhile="the sweep delivers the outbox", pause=30)
NUDGE_TASK = "apps.core.tasks.relay_outbox"
_last_nudge = 0.0


@cache
def reactions() -> Mapping[str, Reactions]:
    """The project's map from an event's name to what follows it."""
    return cast("Mapping[str, Reactions]", import_string(settings.REACTIONS))


def publish(event: DomainEvent) -> None:
    """Record that this has happened; call it last in a command, inside its transaction."""
    insert(
        OutboxMessage(
            organization_id=event.organization_id,
            name=event.name,
            version=event.version,
            payload=event.payload(),
            request_id=current_request_id(),
            created_at=AppNow(),
            available_at=AppNow(),
        )
    )
    for react in reactions().get(event.name, Reactions()).in_transaction:
        react(event)
    transaction.on_commit(_nudge)


def _nudge() -> None:
    """Ask a worker to relay soon; at most a few times a second, and never at the request's cost."""
    global _last_nudge  # noqa: PLW0603  (one throttle a process is the point)
    if time.monotonic() - _last_nudge < NUDGE_EVERY_SECONDS:
        return
    _last_nudge = time.monotonic()
    if not BROKER.may_try():
        return
    try:
        current_app.send_task(NUDGE_TASK, ignore_result=True)
    except (KombuError, OperationalError, RedisError, OSError) as error:
        BROKER.failed(error)
    else:
        BROKER.works()


def relay_batch() -> int:
    """Deliver the due messages, oldest first, and return how many were taken.

    A batch is leased, not locked: reactions run outside any transaction and may call commands. A relay
    that dies lets its lease run out, and another delivers again. A reaction that fails leaves its message
    for later, with growing pauses, and holds up no other.
    """
    leased = _lease_due()
    delivered = [row.id for row in leased if _deliver(row)]
    OutboxMessage.objects.filter(id__in=delivered).update(relayed_at=app_now(), last_error="")
    return len(leased)


def _lease_due() -> list[OutboxMessage]:
    with transaction.atomic():
        now = app_now()
        due = list(
            OutboxMessage.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(relayed_at__isnull=True, available_at__lte=now)
            .order_by("available_at", "id")[:RELAY_BATCH]
        )
        OutboxMessage.objects.filter(id__in=[row.id for row in due]).update(
            available_at=now + LEASE, attempts=F("attempts") + 1
        )
    return due


def _deliver(row: OutboxMessage) -> bool:
    """Run every reaction to this message; whether all of them succeeded."""
    message = Message(id=row.id, organization_id=row.organization_id, name=row.name, payload=row.payload)
    try:
        with request_id_scope(row.request_id):
            for react in reactions().get(row.name, Reactions()).after_commit:
                react(message)
    except Exception as error:  # whatever a reaction raises must not stop the relay
        logger.exception("a reaction to %s failed", message.name)
        pause = min(timedelta(seconds=2 ** min(row.attempts + 1, 12)), MAX_BACKOFF)
        OutboxMessage.objects.filter(id=row.id).update(
            available_at=app_now() + pause,
            last_error=mask_personal_data(f"{type(error).__name__}: {error}")[:500],
        )
        return False
    return True


def backlog() -> int:
    """How many messages are due and not delivered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM core_outboxmessage WHERE relayed_at IS NULL AND available_at <= app_now()"
        )
        return int(cursor.fetchone()[0])
