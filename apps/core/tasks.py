"""Celery's entry points of the ground layer."""

from celery import shared_task

from apps.core import idempotency, outbox


@shared_task(name="apps.core.tasks.relay_outbox")
def relay_outbox() -> int:
    """Deliver the outbox until nothing is due."""
    relayed = 0
    while taken := outbox.relay_batch():
        relayed += taken
        if taken < outbox.RELAY_BATCH:
            break
    return relayed


@shared_task(name="apps.core.tasks.forget_idempotency_records")
def forget_idempotency_records() -> int:
    """Delete the answers that are past their 24 hours."""
    return idempotency.forget_expired()
