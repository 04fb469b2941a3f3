"""BookingService, BookingQuestion, BookingQuestionAnswer, BookingAnswerCategory (seed 000 §4.3)."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from pydantic import ValidationError as ShapeError

from apps.content import types
from apps.core.models import BaseModel, ContentConfig
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import Organization

MAX_DURATION_MINUTES = 30 * 24 * 60
MAX_BUFFER_MINUTES = 24 * 60


class VendorType(models.TextChoices):
    """Who runs the calendar that a service is booked in."""

    NATIVE = "native", "Our own calendar"
    SERVICETITAN = "servicetitan", "ServiceTitan"


class VendorSyncStatus(models.TextChoices):
    """How a service stands with its job type in the vendor's system."""

    NOT_LINKED = "not_linked", "Not linked"
    PENDING = "pending", "Waiting for the first sync"
    SYNCED = "synced", "In sync"
    STALE = "stale", "Changed since the last sync"
    MISSING = "missing", "Gone from the vendor"
    ERROR = "error", "The last sync failed"


class ServiceQuerySet(TenantQuerySet["BookingService"]):
    """Services of an organization."""

    def active(self) -> "ServiceQuerySet":
        """Those that can be booked."""
        return self.filter(active=True)


class BookingService(BaseModel, ContentConfig):
    """One thing that customers can book. A published flow keeps the price and length it had then."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="services")
    duration_minutes = models.PositiveIntegerField(
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DURATION_MINUTES)],
        help_text="How long the visit takes, in minutes, without getting there and cleaning up.",
    )
    price = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="Leave empty if you quote the price on site.",
    )
    currency = models.CharField(
        max_length=3,
        default="USD",
        validators=[RegexValidator(r"^[A-Z]{3}$", "Use three capital letters, such as USD.")],
    )
    price_note = models.CharField(
        max_length=120, blank=True, help_text="Shown beside the price, such as “waived with any repair”."
    )
    buffer_before_minutes = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(MAX_BUFFER_MINUTES)],
        help_text="Time to get ready or to drive there. Empty: as for every visit of the business.",
    )
    buffer_after_minutes = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(MAX_BUFFER_MINUTES)],
        help_text="Time to clean up. Empty: as for every visit of the business.",
    )
    required_skills = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="Only people with all of these skills are offered, such as “gas licence”.",
    )
    requires_approval = models.BooleanField(
        default=False, help_text="On: a booking waits until someone of yours approves it."
    )
    may_split = models.BooleanField(
        default=False,
        db_default=False,
        help_text="On: a visit that no day has room for is spread over several days.",
    )
    online_cancel = models.BooleanField(
        null=True, blank=True, help_text="Whether customers can cancel by their link. Empty: as the business."
    )
    cancel_notice_minutes = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="How long before the visit it can still be cancelled. Empty: as the business.",
    )
    online_reschedule = models.BooleanField(
        null=True,
        blank=True,
        help_text="Whether customers can move it by their link. Empty: as usual.",
    )
    reschedule_notice_minutes = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="How long before the visit it can still be moved. Empty: as the business.",
    )
    active = models.BooleanField(default=True, help_text="Off: nobody can book it any more.")
    vendor_type = models.CharField(max_length=16, choices=VendorType.choices, default=VendorType.NATIVE)
    vendor_data = models.JSONField(default=dict, blank=True)
    job_type_id = models.CharField(max_length=64, blank=True, help_text="The job type's id at the vendor.")
    job_type_name = models.CharField(max_length=120, blank=True, help_text="What the vendor calls it.")
    vendor_sync_status = models.CharField(
        max_length=12, choices=VendorSyncStatus.choices, default=VendorSyncStatus.NOT_LINKED
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["title", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(duration_minutes__range=(1, MAX_DURATION_MINUTES)),
                name="service_takes_between_a_minute_and_30_days",
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="service_price_not_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="service_currency_is_three_letters"
            ),
            models.CheckConstraint(
                condition=(
                    Q(buffer_before_minutes__isnull=True) | Q(buffer_before_minutes__lte=MAX_BUFFER_MINUTES)
                )
                & (Q(buffer_after_minutes__isnull=True) | Q(buffer_after_minutes__lte=MAX_BUFFER_MINUTES)),
                name="service_buffers_at_most_a_day",
            ),
            models.CheckConstraint(
                condition=Q(vendor_type__in=VendorType.values)
                & Q(vendor_sync_status__in=VendorSyncStatus.values),
                name="service_vendor_is_known",
            ),
            models.CheckConstraint(
                condition=Q(vendor_type=VendorType.SERVICETITAN)
                | Q(vendor_sync_status=VendorSyncStatus.NOT_LINKED),
                name="service_of_our_own_has_no_sync",
            ),
            models.CheckConstraint(condition=Q(title__gt=""), name="service_has_a_title"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "title"], name="service_by_organization"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Check the vendor's data against its shape. Raises ValidationError."""
        try:
            self.typed_vendor_data()
        except ShapeError as error:
            raise ValidationError({"vendor_data": types.in_words(error)}) from error

    def typed_vendor_data(self) -> types.VendorData:
        """`vendor_data` as its type. Raises pydantic's ValidationError."""
        return types.parse_vendor_data(self.vendor_type, self.vendor_data)


class BookingAnswerCategory(BaseModel, ContentConfig):
    """A heading under which answers stand together, such as “Heating”."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="answer_categories")

    objects = TenantQuerySet["BookingAnswerCategory"].as_manager()

    class Meta:
        ordering: ClassVar = ["title", "id"]
        verbose_name_plural = "booking answer categories"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(title__gt=""), name="answer_category_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class BookingQuestion(BaseModel, ContentConfig):
    """A question that flows ask to find out what somebody needs; it can stand in many flows."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="questions")
    unique_name = models.SlugField(
        max_length=80, help_text="A name for yourself and for reports, such as “heating-or-cooling”."
    )
    help_text = models.CharField(
        max_length=300,
        blank=True,
        help_text="A hint below the question, such as where to find the model number.",
    )

    objects = TenantQuerySet["BookingQuestion"].as_manager()

    class Meta:
        ordering: ClassVar = ["unique_name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "unique_name"],
                name="question_name_is_unique",
                violation_error_message="Another question has this name already.",
            ),
            models.CheckConstraint(condition=Q(title__gt=""), name="question_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class AnswerType(models.TextChoices):
    """An answer either names a service or says something in words."""

    SERVICE_REFERENCE = "service_reference", "A service"
    TEXT = "text", "Text"


class AnswerQuerySet(TenantQuerySet["BookingQuestionAnswer"]):
    """Answers; their organization is their question's."""

    def for_organization(self, organization: Any) -> Self:
        """Only answers to this organization's questions; takes the organization or its id."""
        return self.filter(question__organization_id=getattr(organization, "pk", organization))


class BookingQuestionAnswer(BaseModel, ContentConfig):
    """One possible answer to a question. A service answer without a title shows the service's own."""

    question = models.ForeignKey(BookingQuestion, on_delete=models.CASCADE, related_name="answers")
    type = models.CharField(max_length=20, choices=AnswerType.choices, default=AnswerType.TEXT)
    category = models.ForeignKey(
        BookingAnswerCategory, on_delete=models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    service = models.ForeignKey(
        BookingService, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    title = models.CharField(
        max_length=120, blank=True, help_text="What people read. Empty on a service: the service's own title."
    )
    sort_order = models.PositiveIntegerField(default=0, help_text="Lower numbers stand first.")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_order", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(type=AnswerType.SERVICE_REFERENCE, service__isnull=False)
                | Q(type=AnswerType.TEXT, service__isnull=True),
                name="answer_names_a_service_if_it_is_one",
                violation_error_message="Choose a service for a service answer, and none for a text.",
            ),
            models.CheckConstraint(
                condition=Q(type=AnswerType.SERVICE_REFERENCE) | Q(title__gt=""),
                name="answer_in_words_has_words",
                violation_error_message="Write what the answer says.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["question", "sort_order"], name="answer_in_order"),
        ]

    def __str__(self) -> str:
        return self.content()["title"]

    def clean(self) -> None:
        """Refuse a service or category of another business. Raises ValidationError."""
        for name, other in (("service", self.service), ("category", self.category)):
            if other is not None and other.organization_id != self.question.organization_id:
                raise ValidationError({name: "This belongs to another business."})

    def content(self) -> dict[str, str]:
        """Title, description and icon; of a service answer each falls back to the service's own."""
        own = super().content()
        if self.service is None:
            return own
        return {key: value or self.service.content()[key] for key, value in own.items()}
