"""Bookings: to look at, to check in, to move and to call off. What changes them are commands."""

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.availability.hours.rules import to_instant
from apps.bookings import admin_reads
from apps.bookings.admin.shared import OfACustomer, address_of, email_link, money, phone_link, status_badge
from apps.bookings.commands.cancel_booking import cancel_booking
from apps.bookings.commands.check_in_booking import check_in_booking
from apps.bookings.commands.reschedule_booking import reschedule_booking
from apps.bookings.models import Booking
from apps.bookings.placing.moving import NewTime
from apps.bookings.policies import RESCHEDULABLE
from apps.bookings.states import TRANSITIONS, BookingStatus, CancelReason, HoldStatus
from apps.core.clock import app_now
from apps.organizations.admin_display import NOTHING, facts, local_day, local_time
from apps.organizations.staff import Area, staff_actor
from apps.organizations.tenant_admin import OwnRowsFilter, ReadOnlyTenantAdmin
from apps.organizations.unfolded import ActionVariant, asking_action


class CancelForm(BaseDialogForm):  # type: ignore[misc]  # untyped library
    """Why it is called off."""

    reason = forms.ChoiceField(
        label="Reason",
        choices=CancelReason.choices,
        initial=CancelReason.OTHER,
        widget=UnfoldAdminSelectWidget,
    )


class MoveForm(BaseDialogForm):  # type: ignore[misc]  # untyped library
    """When it is to begin instead, by the location's clock."""

    day = forms.DateField(label="New day", widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}))
    at = forms.TimeField(label="Begins at", widget=UnfoldAdminTextInputWidget(attrs={"type": "time"}))


class VisitFilter(admin.SimpleListFilter):
    """By the visit's day, in the location's own time."""

    title = "visit"
    parameter_name = "visit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The days that a front desk asks for."""
        return [("today", "Today"), ("tomorrow", "Tomorrow"), ("week", "Next 7 days"), ("past", "Past")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """A word from the list, or a date as in ?visit=2030-01-14."""
        day = admin_reads.parse_day(self.value())
        if day is not None:
            return queryset.filter(visit_date=day)
        if not self.value():
            return queryset
        wanted = {
            "today": Q(visit_date=F("today_there")),
            "tomorrow": Q(visit_date=F("today_there") + 1),
            "week": Q(visit_date__gte=F("today_there"), visit_date__lt=F("today_there") + 7),
            "past": Q(visit_date__lt=F("today_there")),
        }
        there: QuerySet[Any] = queryset.annotate(today_there=admin_reads.today_there(app_now()))
        return there.filter(wanted.get(self.value() or "", Q()))


@admin.register(Booking)
class BookingAdmin(OfACustomer, ReadOnlyTenantAdmin):
    """Who comes when, for what, to whom."""

    empty_title = "No bookings yet"
    empty_text = "They appear here the moment a customer books on your website."
    area = Area.RECEPTION
    list_display = ("reference_code", "customer_name", "when", "services", "who", "status_label", "booked_on")
    list_display_links = ("reference_code", "customer_name")
    list_filter = ("status", ("location", OwnRowsFilter), VisitFilter)
    list_select_related = ("customer", "location", "organization")
    search_fields = ("reference",)
    search_help_text = "Reference, whole phone number or e-mail address, or words of a name"
    ordering = ("-created_at",)
    actions_detail = ["check_in", "move", "cancel"]
    change_form_outer_after_template = "backoffice/booking_history.html"
    readonly_fields: ClassVar = [
        "reference",
        "status_label",
        "when",
        "location",
        "services",
        "who",
        "party_size",
        "price",
        "customer_link",
        "phone",
        "email",
        "address",
        "notes",
        "answers",
        "checkout_answers",
        "order_links",
        "held_until",
        "created",
        "confirmed",
    ]
    fieldsets = (
        (
            "Visit",
            {
                "fields": [
                    ("reference", "status_label"),
                    ("when", "location"),
                    ("services", "who"),
                    ("party_size", "price"),
                ]
            },
        ),
        ("Customer", {"fields": [("customer_link", "phone"), ("email", "address")]}),
        ("What they said", {"fields": ["notes", "answers", "checkout_answers"]}),
        ("To pay", {"fields": ["order_links"]}),
        ("Times", {"fields": [("created", "confirmed"), "held_until"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With times, lines and people: as many queries for one booking as for a thousand."""
        bookings = super().get_queryset(request).select_related("customer", "location", "organization")
        return admin_reads.with_days(bookings).prefetch_related("lines__resource", "holds")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With the calendar and the history."""
        booking = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(self._history(booking) if booking else {})}
        return super().change_view(request, object_id, form_url, context)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Only what the booking's status allows."""
        booking = self.get_object(request, str(object_id))
        if booking is None or booking.starts_at is None:
            return []
        status = BookingStatus(booking.status)
        possible = {
            "check_in": BookingStatus.CHECKED_IN in TRANSITIONS[status],
            "move": status in RESCHEDULABLE,
            # A hold ends by itself, or by its customer.
            "cancel": BookingStatus.CANCELLED in TRANSITIONS[status] and status is not BookingStatus.HELD,
        }
        actions = super().get_actions_detail(request, object_id)  # type: ignore[misc]  # untyped library
        return [action for action in actions if possible.get(action.method.original_function_name, True)]

    @asking_action(
        description="Check in",
        icon="how_to_reg",
        url_path="check-in",
        question="Is the customer here?",
        consequence="The visit is shown as checked in, also to the customer behind their link.",
        confirm="Check in",
        permissions=("view",),
        variant=ActionVariant.PRIMARY,
    )
    def check_in(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """By command."""
        booking = self.get_object(request, object_id)
        if booking is not None:
            actor, policy = staff_actor(request, booking.organization_id), booking.organization.policy

            def run() -> str:
                done = check_in_booking(actor=actor, policy=policy, booking_id=booking.pk)
                return f"{done.reference} is checked in."

            self.run_command(request, run)
        return self.after_action(request, object_id)

    @asking_action(
        description="Move",
        icon="update",
        url_path="move",
        question="Move this visit to another time?",
        consequence="Day and time are the location’s. The new time has to be free, with the same people "
        "where they can; until it is taken, the old one stays. Tell the customer.",
        confirm="Move it",
        permissions=("view",),
        form_class=MoveForm,
    )
    def move(self, request: HttpRequest, form: MoveForm, object_id: str) -> HttpResponse:
        """By command."""
        booking = self.get_object(request, object_id)
        if booking is not None:
            actor, policy = staff_actor(request, booking.organization_id), booking.organization.policy
            zone = booking.location.timezone
            wall = datetime.combine(form.cleaned_data["day"], form.cleaned_data["at"])
            start_at = to_instant(wall, ZoneInfo(zone))
            day = f"{wall:%a} {wall.day} {wall:%b %Y}"
            if start_at is None:
                messages.error(request, f"{wall:%H:%M} does not exist on {day}: the clocks go forward then.")
                return self.after_action(request, object_id)
            wanted = NewTime(start_at=start_at)

            def run() -> str:
                done = reschedule_booking(actor=actor, policy=policy, booking_id=booking.pk, wanted=wanted)
                return f"{done.reference} is now on {day} at {wall:%H:%M}."

            self.run_command(request, run)
        return self.after_action(request, object_id)

    @asking_action(
        description="Call off",
        icon="event_busy",
        url_path="cancel",
        question="Call off this visit?",
        consequence="Its time is free for others at once. The booking stays here as history. "
        "This cannot be undone.",
        confirm="Call it off",
        permissions=("view",),
        variant=ActionVariant.DANGER,
        form_class=CancelForm,
    )
    def cancel(self, request: HttpRequest, form: CancelForm, object_id: str) -> HttpResponse:
        """By command."""
        booking = self.get_object(request, object_id)
        if booking is not None:
            actor, policy = staff_actor(request, booking.organization_id), booking.organization.policy
            reason = CancelReason(form.cleaned_data["reason"])

            def run() -> str:
                done = cancel_booking(actor=actor, policy=policy, booking_id=booking.pk, reason=reason)
                return f"{done.reference} is cancelled, and its time is free again."

            self.run_command(request, run)
        return self.after_action(request, object_id)

    def _history(self, booking: Booking) -> dict[str, Any]:
        zone = booking.location.timezone
        holds = [hold.pk for hold in booking.holds.all()]
        return {
            "happenings": [
                (
                    happening,
                    local_time(happening.at, zone),
                    facts(happening.metadata) if happening.metadata else "",
                )
                for happening in admin_reads.history_of(booking.organization_id, booking.pk, holds)
            ],
            "calendar_events": [
                (event, local_time(event.starts_at, zone), local_time(event.ends_at, zone))
                for event in admin_reads.events_of(booking)
            ],
        }

    @admin.display(description="When", ordering="starts_at")
    def when(self, booking: Any) -> Any:
        """In the location's time."""
        return local_time(booking.starts_at, booking.location.timezone)

    @admin.display(description="Service")
    def services(self, booking: Booking) -> str:
        """What the lines say."""
        return ", ".join(line.title for line in booking.lines.all()) or NOTHING

    @admin.display(description="With")
    def who(self, booking: Booking) -> str:
        """Who performs the lines."""
        names = (line.resource.name for line in booking.lines.all() if line.resource is not None)
        return ", ".join(dict.fromkeys(names)) or NOTHING

    @admin.display(description="Status", ordering="status")
    def status_label(self, booking: Booking) -> SafeString:
        """In words and colour."""
        return status_badge(booking.status)

    @admin.display(description="Booked", ordering="created_at")
    def created(self, booking: Booking) -> Any:
        """In the location's time."""
        return local_time(booking.created_at, booking.location.timezone)

    @admin.display(description="Booked on", ordering="created_at")
    def booked_on(self, booking: Booking) -> str:
        """The day alone, for the list."""
        return local_day(booking.created_at, booking.location.timezone)

    @admin.display(description="Confirmed")
    def confirmed(self, booking: Booking) -> Any:
        """In the location's time."""
        return local_time(booking.confirmed_at, booking.location.timezone)

    @admin.display(description="Held until")
    def held_until(self, booking: Booking) -> Any:
        """While the customer has not confirmed."""
        active = [hold for hold in booking.holds.all() if hold.status == HoldStatus.ACTIVE]
        return local_time(active[0].expires_at, booking.location.timezone) if active else NOTHING

    @admin.display(description="Price")
    def price(self, booking: Booking) -> str:
        """As it was frozen at the hold."""
        return money(booking)

    @admin.display(description="Phone")
    def phone(self, booking: Booking) -> SafeString | str:
        """To call."""
        return phone_link(booking.customer)

    @admin.display(description="E-mail")
    def email(self, booking: Booking) -> SafeString | str:
        """To write to."""
        return email_link(booking.customer)

    @admin.display(description="Address")
    def address(self, booking: Booking) -> str:
        """In one line."""
        return address_of(booking.customer)

    @admin.display(description="Notes")
    def notes(self, booking: Booking) -> str:
        """In their own words."""
        return booking.intake.get("notes") or NOTHING

    @admin.display(description="Answers")
    def answers(self, booking: Booking) -> SafeString | str:
        """Question by question."""
        return facts(booking.intake.get("answers") or {})

    @admin.display(description="At checkout")
    def checkout_answers(self, booking: Booking) -> SafeString | str:
        """What they answered to your own questions, in the words of then."""
        return facts(
            {
                answer.question_text: {True: "Yes", False: "No"}.get(answer.answer, answer.answer)
                for answer in booking.answers.select_related("booking__customer")
            }
        )

    @admin.display(description="Orders")
    def order_links(self, booking: Booking) -> SafeString | str:
        """What is owed for it."""
        orders = {item.order for item in booking.order_items.select_related("order")}
        links = (
            (
                reverse("admin:bookings_order_change", args=[order.pk]),
                order.reference,
                order.get_status_display(),
            )
            for order in sorted(orders, key=lambda order: order.pk)
        )
        return format_html_join(", ", '<a class="bo-link" href="{}">{}</a> ({})', links) or NOTHING
