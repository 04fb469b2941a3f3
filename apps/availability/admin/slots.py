"""The bookable times, to look at."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.availability.models import ResourceKind, SlotInstance, SlotStatus
from apps.organizations.admin_display import badge, local_time
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import OwnRowsFilter, ReadOnlyTenantAdmin

SLOT_TONES = {
    SlotStatus.OPEN: "success",
    SlotStatus.PARTIAL: "info",
    SlotStatus.FULL: "warning",
    SlotStatus.BLOCKED: "danger",
}


@admin.register(SlotInstance)
class SlotAdmin(ReadOnlyTenantAdmin):
    """The bookable times, with what is left of each. Nothing edits them: rules and bookings do."""

    area = Area.ROTA
    list_display = ("starts", "resource", "location", "places", "status_badge", "why")
    list_filter = (("location", OwnRowsFilter), ("resource", OwnRowsFilter), "status", "closed")
    list_select_related = ("location", "resource", "organization")
    search_fields = ("resource__name",)
    date_hierarchy = "date"
    ordering = ("start_at", "resource")
    fields = ("starts", "ends", "resource", "location", "places", "status_badge", "why")
    readonly_fields = fields
    show_full_result_count = False

    @admin.display(description="Starts", ordering="start_at")
    def starts(self, slot: SlotInstance) -> Any:
        """In the branch's time."""
        return local_time(slot.start_at, slot.location.timezone)

    @admin.display(description="Ends")
    def ends(self, slot: SlotInstance) -> Any:
        """In the branch's time."""
        return local_time(slot.end_at, slot.location.timezone)

    @admin.display(description="Booked + held of places")
    def places(self, slot: SlotInstance) -> str:
        """The counters."""
        return f"{slot.booked} + {slot.hold} of {slot.capacity}"

    @admin.display(description="State", ordering="status")
    def status_badge(self, slot: SlotInstance) -> SafeString:
        """How much is left."""
        if slot.closed:
            return badge("Closed", "danger")
        return badge(slot.get_status_display(), SLOT_TONES[SlotStatus(slot.status)])

    @admin.display(description="Why?")
    def why(self, slot: SlotInstance) -> SafeString:
        """To everything that decides about it."""
        wall = slot.start_at.astimezone(ZoneInfo(slot.location.timezone))
        asked = {"location": slot.location_id, "day": f"{wall:%Y-%m-%d}", "at": f"{wall:%H:%M}"}
        if slot.resource.kind != ResourceKind.POOL:
            asked["person"] = slot.resource_id
        url = f"{reverse('admin:explain')}?{urlencode(asked)}"
        return format_html('<a class="bo-link" href="{}">Explain</a>', url)
