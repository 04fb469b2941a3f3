"""Customers: found by digests, opened for those who may see them, merged, exported and erased by command."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.bookings import admin_reads
from apps.bookings.admin.shared import address_of, email_link, phone_link, status_badge
from apps.bookings.commands.erase_customer import erase_customer
from apps.bookings.commands.merge_customers import merge_customers
from apps.bookings.commands.read_customer import export_customer, view_customer
from apps.bookings.customers.reads import look_alikes, with_bookings
from apps.bookings.errors import CustomerHasBookings
from apps.bookings.models import Booking, Customer
from apps.core.errors import InvalidInput
from apps.organizations.admin_display import NOTHING, badge, chips, local_time
from apps.organizations.staff import Area, access_of, staff_actor
from apps.organizations.tenant_admin import ReadOnlyTenantAdmin, organization_id_of
from apps.organizations.unfolded import ActionVariant, asking_action, plain_action

BOOKINGS_OF_CUSTOMER = 50


class MergeForm(BaseDialogForm):  # type: ignore[misc]  # untyped library
    """Whose record stays."""

    stays = forms.CharField(
        label="Phone number or e-mail address of the record that stays",
        max_length=254,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


@admin.register(Customer)
class CustomerAdmin(ReadOnlyTenantAdmin):
    """Who books. Their data is sealed; it is opened here, for those who may see it."""

    empty_title = "No customers yet"
    empty_text = "Everybody who books appears here, once, however often they come."
    area = Area.RECEPTION
    list_display = ("name", "phone", "email", "bookings_count", "last_booked", "created")
    list_select_related = ("organization",)
    search_fields = ("id",)
    search_help_text = "Whole phone number or e-mail address, or whole words of a name"
    ordering = ("-created_at",)
    actions_detail = ["merge", "export", "erase"]
    readonly_fields: ClassVar = [
        "name",
        "phone",
        "email",
        "address",
        "hears_by",
        "account",
        "created",
        "maybe_same",
        "history",
    ]
    fieldsets = (
        (
            "Customer",
            {
                "fields": [
                    ("name", "phone"),
                    ("email", "address"),
                    ("hears_by", "account"),
                    ("created", "maybe_same"),
                ]
            },
        ),
        ("Bookings", {"fields": ["history"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what they booked, counted; who became part of another is found there."""
        customers = super().get_queryset(request).select_related("organization")
        return with_bookings(customers.filter(merged_into__isnull=True))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By phone, e-mail or words of the name."""
        term = search_term.strip()
        if not term:
            return queryset, False
        organizations = access_of(request).organizations.values()
        return queryset.filter(admin_reads.find_customer(term, organizations)), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The log notes who looked; here, because the page itself runs in a transaction of Django's."""
        customer = self.get_object(request, object_id)
        if customer is not None and request.method == "GET":
            actor = staff_actor(request, organization_id_of(customer))
            view_customer(actor=actor, customer_id=customer.pk, through="back office")
        return super().change_view(request, object_id, form_url, extra_context)

    @asking_action(
        description="Merge",
        icon="merge",
        url_path="merge",
        question="Is this the same person as another customer?",
        consequence="All bookings and orders of this record go over to the other one, which keeps its own "
        "name and phone number and takes over what it lacks. This record disappears. This cannot be undone.",
        confirm="Merge",
        permissions=("view",),
        variant=ActionVariant.PRIMARY,
        form_class=MergeForm,
    )
    def merge(self, request: HttpRequest, form: MergeForm, object_id: str) -> HttpResponse:
        """By command; then on to the record that stays."""
        customer = self.get_object(request, object_id)
        stays: list[UUID] = []
        if customer is not None:
            self.run_command(request, lambda: self._merge(request, customer, form, stays))
        return self.after_action(request, str(stays[0]) if stays else object_id)

    def _merge(self, request: HttpRequest, customer: Any, form: MergeForm, stays: list[UUID]) -> str:
        term = form.cleaned_data["stays"].strip()
        found = list(
            self.get_queryset(request)
            .filter(
                admin_reads.find_customer(term, [customer.organization]), organization=customer.organization
            )
            .exclude(pk=customer.pk)[:2]
        )
        if len(found) != 1:
            many = "Several others fit: use a phone number." if found else "Nobody else fits: look again."
            raise InvalidInput({"stays": [many]}, detail=many)
        actor = staff_actor(request, customer.organization_id)
        staying = merge_customers(actor=actor, customer_id=customer.pk, into_id=found[0].pk)
        stays.append(staying.pk)
        return f"Everything is {staying}’s now."

    @plain_action(description="Export", icon="download", url_path="export", permissions=("view",))
    def export(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Everything that is known of them, as a file."""
        customer = self.get_object(request, object_id)
        if customer is None:
            return self.after_action(request)
        actor = staff_actor(request, organization_id_of(customer))
        response = JsonResponse(
            export_customer(actor=actor, customer_id=customer.pk), json_dumps_params={"indent": 2}
        )
        response["Content-Disposition"] = f'attachment; filename="customer-{customer.pk}.json"'
        response["Cache-Control"] = "no-store"
        return response

    @asking_action(
        description="Erase",
        icon="person_off",
        url_path="erase",
        question="Forget this customer for ever?",
        consequence="Name, phone, e-mail, address, notes and answers become unreadable, for everybody and in "
        "every copy. Figures and history stay, without a name. Links to their bookings stop working. "
        "Who still has a visit to come is not erased. This cannot be undone.",
        confirm="Erase for ever",
        permissions=("view",),
        variant=ActionVariant.DANGER,
    )
    def erase(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """By command."""
        customer = self.get_object(request, object_id)
        if customer is not None:
            actor = staff_actor(request, organization_id_of(customer))
            self.run_command(request, lambda: self._erase(actor, customer.pk))
        return self.after_action(request, object_id)

    def _erase(self, actor: Any, customer_id: UUID) -> str:
        try:
            erase_customer(actor=actor, customer_id=customer_id)
        except CustomerHasBookings as error:
            error.detail += f" ({', '.join(error.data['references'])})"
            raise
        return "Nothing about them can be read any more."

    @admin.display(description="Name")
    def name(self, customer: Customer) -> str:
        """Unsealed."""
        return str(customer)

    @admin.display(description="Phone")
    def phone(self, customer: Customer) -> SafeString | str:
        """To call."""
        return phone_link(customer)

    @admin.display(description="E-mail")
    def email(self, customer: Customer) -> SafeString | str:
        """To write to."""
        return email_link(customer)

    @admin.display(description="Address")
    def address(self, customer: Customer) -> str:
        """In one line."""
        return address_of(customer)

    @admin.display(description="Hears from you by")
    def hears_by(self, customer: Customer) -> SafeString | str:
        """Their preferences."""
        ways = (("E-mail", customer.notify_by_email), ("Text message", customer.notify_by_sms))
        return chips(way for way, wanted in ways if wanted)

    @admin.display(description="Account")
    def account(self, customer: Customer) -> SafeString:
        """Whether they sign in."""
        return badge("Signs in", "info") if customer.user_id else badge("None")

    @admin.display(description="May be the same as")
    def maybe_same(self, customer: Customer) -> SafeString | str:
        """Others with the same e-mail address."""
        links = (
            (reverse("admin:bookings_customer_change", args=[other.pk]), other)
            for other in look_alikes(customer)[:10]
        )
        return format_html_join(", ", '<a class="bo-link" href="{}">{}</a>', links) or NOTHING

    @admin.display(description="Bookings", ordering="bookings_total")
    def bookings_count(self, customer: Any) -> int:
        """How many, of every status."""
        return int(customer.bookings_total)

    @admin.display(description="Last booked", ordering="last_booked_at")
    def last_booked(self, customer: Any) -> Any:
        """In the business's time."""
        return local_time(customer.last_booked_at, customer.organization.timezone)

    @admin.display(description="Customer since", ordering="created_at")
    def created(self, customer: Customer) -> Any:
        """In the business's time."""
        return local_time(customer.created_at, customer.organization.timezone)

    @admin.display(description="What they booked")
    def history(self, customer: Customer) -> SafeString | str:
        """Their latest bookings, as a table."""
        bookings = admin_reads.with_days(
            Booking.objects.for_organization(customer.organization_id).filter(customer=customer)
        )
        rows = [
            (
                reverse("admin:bookings_booking_change", args=[booking.pk]),
                booking.reference,
                local_time(booking.starts_at, booking.location.timezone),
                ", ".join(line.title for line in booking.lines.all()),
                status_badge(booking.status),
            )
            for booking in bookings.select_related("location").prefetch_related("lines")[
                :BOOKINGS_OF_CUSTOMER
            ]
        ]
        if not rows:
            return "Nothing yet."
        return format_html(
            '<table class="bo-table bo-pairs"><thead><tr><th>Reference</th><th>When</th><th>Service</th>'
            "<th>Status</th></tr></thead><tbody>{}</tbody></table>",
            format_html_join(
                "",
                '<tr><td><a class="bo-link" href="{}">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>',
                rows,
            ),
        )
