"""Orders: what is owed, and the button that says that it was paid."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.bookings.admin.shared import OfACustomer, amount, status_badge
from apps.bookings.commands.record_payment import record_payment
from apps.bookings.models import Order
from apps.bookings.states import OrderStatus
from apps.bookings.sweeping import ending_what_expired
from apps.core.actors import Actor
from apps.organizations.admin_display import badge, local_time
from apps.organizations.models import PaymentStrategy
from apps.organizations.staff import Area, staff_actor
from apps.organizations.tenant_admin import ReadOnlyTenantAdmin, organization_id_of
from apps.organizations.unfolded import ActionVariant, asking_action

PAID_HOW = {
    PaymentStrategy.NONE: "At the visit",
    PaymentStrategy.MANUAL: "Recorded by your team",
}
TONES = {OrderStatus.OPEN: "warning", OrderStatus.PAID: "success", OrderStatus.VOID: "neutral"}


@admin.register(Order)
class OrderAdmin(OfACustomer, ReadOnlyTenantAdmin):
    """What somebody owes for what they booked together."""

    empty_title = "No orders yet"
    empty_text = "Whatever is booked at a price appears here, with whether it has been paid."
    area = Area.RECEPTION
    list_display = ("reference_code", "customer_name", "sum", "status_label", "paid_how", "placed", "paid")
    list_display_links = ("reference_code", "customer_name")
    list_filter = ("status", "payment")
    list_select_related = ("customer", "organization")
    search_fields = ("reference",)
    search_help_text = "Reference, whole phone number or e-mail address, or words of a name"
    ordering = ("-created_at",)
    actions_detail = ["pay"]
    readonly_fields: ClassVar = [
        "reference",
        "status_label",
        "customer_link",
        "sum",
        "paid_how",
        "placed",
        "paid",
        "voided",
        "bill",
    ]
    fieldsets = (
        (
            "Order",
            {
                "fields": [
                    ("reference", "status_label"),
                    ("customer_link", "sum"),
                    ("paid_how", "placed"),
                    ("paid", "voided"),
                ]
            },
        ),
        ("Bill", {"fields": ["bill"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With whose they are."""
        return super().get_queryset(request).select_related("customer", "organization")

    @asking_action(
        description="Record payment",
        icon="payments",
        url_path="pay",
        question="Has this order been paid?",
        consequence="Bookings that waited for it are confirmed. If their time is not kept any more, nothing "
        "is confirmed, and the order becomes void.",
        confirm="It has been paid",
        permissions=("view",),
        variant=ActionVariant.PRIMARY,
    )
    def pay(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """By command."""
        order = self.get_object(request, object_id)
        if order is not None:
            actor = staff_actor(request, organization_id_of(order))
            self.run_command(request, lambda: self._pay(actor, order.pk))
        return self.after_action(request, object_id)

    def _pay(self, actor: Actor, order_id: UUID) -> str:
        with ending_what_expired(actor.organization_id):
            order = record_payment(actor=actor, order_id=order_id)
        return f"{order.reference} is paid."

    @admin.display(description="Total", ordering="total")
    def sum(self, order: Order) -> str:
        """With its currency."""
        return amount(order.total, order.currency)

    @admin.display(description="Status", ordering="status")
    def status_label(self, order: Order) -> SafeString:
        """In words and colour."""
        known = OrderStatus(order.status)
        return badge(known.label, TONES[known])

    @admin.display(description="Payment", ordering="payment")
    def paid_how(self, order: Order) -> str:
        """Where and by whom, as one says it of a single order."""
        return PAID_HOW[PaymentStrategy(order.payment)]

    @admin.display(description="Placed", ordering="created_at")
    def placed(self, order: Order) -> Any:
        """In the business's time."""
        return local_time(order.created_at, order.organization.timezone)

    @admin.display(description="Paid", ordering="paid_at")
    def paid(self, order: Order) -> Any:
        """In the business's time."""
        return local_time(order.paid_at, order.organization.timezone)

    @admin.display(description="Void since")
    def voided(self, order: Order) -> Any:
        """In the business's time."""
        return local_time(order.voided_at, order.organization.timezone)

    @admin.display(description="What for")
    def bill(self, order: Order) -> SafeString:
        """Line by line, each with its booking."""
        rows = [
            (
                reverse("admin:bookings_booking_change", args=[item.booking_id]),
                item.booking.reference,
                item.title,
                status_badge(item.booking.status),
                amount(item.amount, order.currency),
            )
            for item in order.items.select_related("booking")
        ]
        return format_html(
            '<table class="bo-table bo-pairs"><thead><tr><th>Booking</th><th>Service</th><th>Status</th>'
            "<th>Price</th></tr></thead><tbody>{}</tbody></table>",
            format_html_join(
                "",
                '<tr><td><a class="bo-link" href="{}">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>',
                rows,
            ),
        )
