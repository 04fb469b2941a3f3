"""AuditEntry and ReversalToken: opaque ids and no foreign keys, so that history outlives the rows."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from apps.core.ids import new_id
from apps.core.querysets import TenantQuerySet


class AuditEntry(models.Model):
    """One thing that someone did (seed 004). Triggers refuse UPDATE, DELETE and TRUNCATE.

    `old` and `new` hold no personal data; what must be kept of it is sealed with the customer's own key
    in `sealed`, and becomes unreadable with the customer's erasure.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    organization_id = models.UUIDField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=120)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    session_id = models.UUIDField(null=True)
    booking_id = models.UUIDField(null=True)
    location_id = models.UUIDField(null=True)
    resource_ids = models.JSONField(default=list)
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    metadata = models.JSONField(default=dict)
    reversible = models.BooleanField(default=False)
    customer_id = models.UUIDField(null=True)
    sealed = models.BinaryField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    objects = TenantQuerySet["AuditEntry"].as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["organization_id", "-at"], name="audit_by_time"),
            models.Index(fields=["booking_id", "at"], name="audit_by_booking"),
            models.Index(fields=["organization_id", "subject_id", "at"], name="audit_by_subject"),
            models.Index(fields=["organization_id", "actor_id", "at"], name="audit_by_actor"),
            GinIndex(fields=["resource_ids"], name="audit_by_resource"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_label}"


class ReversalToken(models.Model):
    """The right to undo one audited action, once and for a while. Only its digest is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField()
    audit_entry_id = models.UUIDField()
    digest = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = TenantQuerySet["ReversalToken"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], name="reversal_token_digest_is_unique"),
            models.UniqueConstraint(fields=["audit_entry_id"], name="reversal_token_one_per_entry"),
        ]

    def __str__(self) -> str:
        return f"undo of {self.audit_entry_id}"
