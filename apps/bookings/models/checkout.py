"""What checkout asks for and what it sells: questions, answers, orders (seed 004)."""

from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.bookings.models.bookings import Booking, BookingLine
from apps.bookings.models.customers import Customer
from apps.bookings.sealed import SealedRecord
from apps.bookings.states import OrderStatus
from apps.content.models import BookingService
from apps.core.ids import new_reference
from apps.core.models import BaseModel
from apps.core.querysets import TenantQuerySet
from apps.organizations.models import Organization, PaymentStrategy


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    TEXT = "text", "A few words"
    LONG_TEXT = "long_text", "Several lines"
    CHOICE = "choice", "One of a list"
    YES_NO = "yes_no", "Yes or no"


class CheckoutQuestion(BaseModel):
    """Something the business must know before the visit, asked with the customer's details."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="checkout_questions"
    )
    service = models.ForeignKey(
        BookingService,
        on_delete=models.CASCADE,
        related_name="checkout_questions",
        null=True,
        blank=True,
        help_text="Empty: asked whatever is booked.",
    )
    text = models.CharField(max_length=200, help_text="Such as “How do we get in?”")
    help_text = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=9, choices=QuestionKind.choices, default=QuestionKind.TEXT)
    options = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, help_text="For one of a list."
    )
    required = models.BooleanField(default=True)
    active = models.BooleanField(default=True, help_text="Off: no longer asked; earlier answers stay.")
    sort_order = models.PositiveIntegerField(default=0, help_text="Lower numbers stand first.")

    objects = TenantQuerySet["CheckoutQuestion"].as_manager()

    class Meta:
        ordering: ClassVar = ["sort_order", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="checkout_question_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(text__gt=""), name="checkout_question_has_a_text"),
            models.CheckConstraint(
                condition=(Q(kind="choice") & ~Q(options=[])) | (~Q(kind="choice") & Q(options=[])),
                name="checkout_question_lists_options_iff_choice",
                violation_error_message="List the options of a choice, and none for other questions.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class BookingAnswer(SealedRecord, BaseModel):
    """What a customer answered; the words of the question stay as they were asked."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(CheckoutQuestion, on_delete=models.PROTECT, related_name="answers")
    question_text = models.CharField(max_length=200)
    answer_sealed = models.BinaryField(null=True, editable=False)

    objects = TenantQuerySet["BookingAnswer"].as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["booking", "question"], name="answer_one_per_question"),
        ]

    def __str__(self) -> str:
        return self.question_text

    def data_key(self) -> bytes | None:
        """The key of the booking's customer."""
        return self.booking.customer.data_key()

    def set_answer(self, value: Any) -> None:
        """Seal what was answered; all free text counts as personal."""
        self.answer_sealed = self.seal("answer", {"value": value})

    @property
    def answer(self) -> Any:
        """What was answered; None once the customer is erased."""
        return (self.unseal("answer", self.answer_sealed) or {}).get("value")


class Order(BaseModel):
    """What one checkout costs, and whether it has been paid. One currency."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="orders")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    reference = models.CharField(max_length=16, default=new_reference, editable=False)
    status = models.CharField(max_length=7, choices=OrderStatus.choices, default=OrderStatus.OPEN)
    payment = models.CharField(
        max_length=20, choices=PaymentStrategy.choices, default=PaymentStrategy.NONE, editable=False
    )
    total = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3)
    paid_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet["Order"].as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reference"], name="order_reference_is_unique"),
            models.CheckConstraint(condition=Q(total__gt=0), name="order_costs_something"),
            models.CheckConstraint(
                condition=Q(status="open", paid_at__isnull=True, voided_at__isnull=True)
                | Q(status="paid", paid_at__isnull=False, voided_at__isnull=True)
                | Q(status="void", voided_at__isnull=False),
                name="order_status_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class OrderItem(BaseModel):
    """One line of a booking, as it stands on the bill."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="order_items")
    line = models.OneToOneField(BookingLine, on_delete=models.PROTECT, related_name="order_item")
    title = models.CharField(max_length=120)
    quantity = models.PositiveSmallIntegerField(default=1)
    unit_price = models.DecimalField(
        max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    amount = models.DecimalField(max_digits=10, decimal_places=2)

    objects = TenantQuerySet["OrderItem"].as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount=F("unit_price") * F("quantity")), name="order_item_amount_is_the_product"
            ),
        ]

    def __str__(self) -> str:
        return self.title
