"""The waitlist: who waits, since when and for what, and what they have been offered."""

from datetime import time
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.bookings.admin.shared import OfACustomer
from apps.bookings.commands.leave_waitlist import leave_waitlist
from apps.bookings.commands.offer_waitlist import offer_waitlist
from apps.bookings.models import WaitlistEntry, WaitlistOffer
from apps.bookings.states import OfferStatus, WaitlistStatus
from apps.organizations.admin_display import NOTHING, badge, local_time
from apps.organizations.staff import Area, staff_actor
from apps.organizations.tenant_admin import OwnRowsFilter, ReadOnlyTenantAdmin, organization_id_of
from apps.organizations.unfolded import ActionVariant, asking_action

LAST_MINUTE, LAST_HOUR = 59, 23
TONES = {
    WaitlistStatus.WAITING: "info",
    WaitlistStatus.OFFERED: "warning",
    WaitlistStatus.SERVED: "success",
    WaitlistStatus.LEFT: "neutral",
    WaitlistStatus.CLOSED: "neutral",
}
OFFER_TONES = {
    OfferStatus.OPEN: "warning",
    OfferStatus.ACCEPTED: "success",
    OfferStatus.DECLINED: "neutral",
    OfferStatus.LAPSED: "neutral",
}


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(OfACustomer, ReadOnlyTenantAdmin):
    """In the order of the line: whoever joined first stands first."""

    empty_title = "Nobody is waiting"
    empty_text = (
        "When nothing is free, customers can wait for a time. "
        "Freed times are offered in order, by themselves."
    )
    area = Area.RECEPTION
    booked_through = "booking"
    list_display = ("customer_name", "services", "window", "where", "status_label", "offer", "since")
    list_display_links = ("customer_name",)
    list_filter = ("status", ("booking__location", OwnRowsFilter))
    search_fields = ("booking__reference",)
    search_help_text = "Reference, whole phone number or e-mail address, or words of a name"
    ordering = ("id",)
    actions_detail = ["offer_now", "take_off"]
    readonly_fields: ClassVar = [
        "booking_link",
        "status_label",
        "customer_link",
        "services",
        "window",
        "person",
        "where",
        "party",
        "since",
        "ended",
        "offers_made",
    ]
    fieldsets = (
        (
            "Waits for",
            {
                "fields": [
                    ("services", "status_label"),
                    ("window", "person"),
                    ("where", "party"),
                ]
            },
        ),
        ("Who", {"fields": [("customer_link", "booking_link"), ("since", "ended")]}),
        ("Offers", {"fields": ["offers_made"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With booking, customer and offers: as many queries for one entry as for a thousand."""
        offers = WaitlistOffer.objects.all_organizations(reason="of entries of one's own").select_related(
            "hold"
        )
        return (
            super()
            .get_queryset(request)
            .select_related("booking__customer", "booking__location", "resource", "organization")
            .prefetch_related("booking__lines", Prefetch("offers", queryset=offers))
        )

    @asking_action(
        description="Offer what is free",
        icon="campaign",
        url_path="offer",
        question="Offer what is free at this location?",
        consequence="Everybody in the line is looked at in turn, not only this one. It happens by itself, "
        "too, whenever a time becomes free.",
        confirm="Offer",
        permissions=("view",),
        variant=ActionVariant.PRIMARY,
    )
    def offer_now(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """By command."""
        entry = self.get_object(request, object_id)
        if entry is not None:
            self.run_command(request, lambda: _offered(entry))
        return self.after_action(request, object_id)

    @asking_action(
        description="Take off the waitlist",
        icon="person_remove",
        url_path="take-off",
        question="Take them off the waitlist?",
        consequence="Their booking is cancelled. A time that they have been offered goes to the next in "
        "the line.",
        confirm="Take them off",
        permissions=("view",),
        variant=ActionVariant.DANGER,
    )
    def take_off(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """By command."""
        entry = self.get_object(request, object_id)
        if entry is not None:
            actor = staff_actor(request, organization_id_of(entry))

            def leave() -> str:
                booking = leave_waitlist(actor=actor, booking_id=entry.booking_id)
                return f"{booking.reference} is off the waitlist."

            self.run_command(request, leave)
        return self.after_action(request, object_id)

    @admin.display(description="Booking")
    def booking_link(self, entry: WaitlistEntry) -> SafeString:
        """The waitlisted booking."""
        url = reverse("admin:bookings_booking_change", args=[entry.booking_id])
        return format_html('<a class="bo-link" href="{}">{}</a>', url, entry.booking.reference)

    @admin.display(description="Services")
    def services(self, entry: WaitlistEntry) -> str:
        """What for, in order."""
        lines = sorted(entry.booking.lines.all(), key=lambda line: line.sort_order)
        return " + ".join(line.title for line in lines) or NOTHING

    @admin.display(description="When", ordering="first_date")
    def window(self, entry: WaitlistEntry) -> str:
        """Days and times of the location."""
        days = f"{entry.first_date:%a %d %b %Y}"
        if entry.last_date != entry.first_date:
            days += f" – {entry.last_date:%a %d %b %Y}"
        earliest = f", from {entry.earliest_time:%H:%M}" if entry.earliest_time else ""
        return f"{days}{earliest}{_latest(entry.latest_time)}"

    @admin.display(description="With")
    def person(self, entry: WaitlistEntry) -> str:
        """Whom they would like."""
        return entry.resource.name if entry.resource else "Anybody"

    @admin.display(description="Where")
    def where(self, entry: WaitlistEntry) -> str:
        """The location."""
        return entry.booking.location.name

    @admin.display(description="People")
    def party(self, entry: WaitlistEntry) -> int:
        """How many come."""
        return entry.booking.party_size

    @admin.display(description="Status", ordering="status")
    def status_label(self, entry: WaitlistEntry) -> SafeString:
        """In words and colour."""
        known = WaitlistStatus(entry.status)
        return badge(known.label, TONES[known])

    @admin.display(description="Offer")
    def offer(self, entry: WaitlistEntry) -> Any:
        """The start that they have to answer."""
        open_offers = [offer for offer in entry.offers.all() if offer.status == OfferStatus.OPEN]
        if not open_offers:
            return NOTHING
        return local_time(open_offers[0].hold.starts_at, entry.booking.location.timezone)

    @admin.display(description="Waits since", ordering="id")
    def since(self, entry: WaitlistEntry) -> Any:
        """In the location's time."""
        return local_time(entry.created_at, entry.booking.location.timezone)

    @admin.display(description="Until")
    def ended(self, entry: WaitlistEntry) -> Any:
        """When they were served, or left."""
        return local_time(entry.ended_at, entry.booking.location.timezone)

    @admin.display(description="What they were offered")
    def offers_made(self, entry: WaitlistEntry) -> SafeString | str:
        """The newest first."""
        zone = entry.booking.location.timezone
        rows = [
            (
                local_time(offer.hold.starts_at, zone),
                badge(OfferStatus(offer.status).label, OFFER_TONES[OfferStatus(offer.status)]),
                local_time(offer.hold.expires_at, zone),
                local_time(offer.answered_at, zone),
            )
            for offer in sorted(entry.offers.all(), key=lambda offer: offer.id, reverse=True)
        ]
        if not rows:
            return NOTHING
        return format_html(
            '<table class="bo-table"><thead><tr><th>Time</th><th>Answer</th><th>Kept until</th>'
            "<th>Answered</th></tr></thead><tbody>{}</tbody></table>",
            format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", rows),
        )


def _offered(entry: WaitlistEntry) -> str:
    made = offer_waitlist(organization_id=entry.organization_id, location_id=entry.booking.location_id)
    if not made:
        return "Nothing is free that anybody in the line could take."
    return "One offer was made." if len(made) == 1 else f"{len(made)} offers were made."


def _latest(start: time | None) -> str:
    """The last start that suits them; the minute before a full hour is said as that hour."""
    if start is None:
        return ""
    if start.minute == LAST_MINUTE and start.hour < LAST_HOUR:
        return f", before {start.hour + 1:02}:00"
    return f", until {start:%H:%M}"
