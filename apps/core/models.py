"""Abstract bases, and the two tables that commands write beside their own: outbox and idempotency."""

from django.db import models

from apps.core.icons import validate_icon
from apps.core.ids import new_id


class BaseModel(models.Model):
    """A row with a UUIDv7 and the times of its writing (UTC)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class ContentConfig(models.Model):
    """Title, description and icon: the one shape of everything that is shown (seed 000 §5.1)."""

    title = models.CharField(max_length=120, help_text="What people read first.")
    description = models.TextField(
        blank=True, max_length=1000, help_text="A sentence or two below the title. May stay empty."
    )
    icon = models.CharField(
        max_length=40,
        blank=True,
        validators=[validate_icon],
        help_text="A picture beside the words. Search by what it shows, such as “flame” or “water”.",
    )

    class Meta:
        abstract = True

    def content(self) -> dict[str, str]:
        """The three fields as the API sends them."""
        return {"title": self.title, "description": self.description, "icon": self.icon}


class OutboxMessage(models.Model):
    """An event that a committed transaction owes to the outside; the relay delivers it at least once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField(null=True)
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    payload = models.JSONField()
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    relayed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                name="outbox_due",
                condition=models.Q(relayed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class IdempotencyRecord(models.Model):
    """The answer that one key got, kept for 24 hours so that a retry gets the same one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope_digest = models.BinaryField(max_length=32)
    payload_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.TextField(help_text="The answer's JSON, byte for byte.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope_digest"], name="idempotency_one_answer_per_key")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]

    def __str__(self) -> str:
        return f"answer {self.status} of {self.created_at:%Y-%m-%d %H:%M}"
