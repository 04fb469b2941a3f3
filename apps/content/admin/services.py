"""Services: what customers can book, and the rules of each."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from pydantic import ValidationError as ShapeError
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from apps.content.admin.shared import ContentAdmin, ContentForm
from apps.content.commands.switch_services import switch_services
from apps.content.models import BookingService, VendorSyncStatus, VendorType
from apps.content.types import ServiceTitanVendorData, in_words
from apps.content.uses import uses_of
from apps.core.icons import current_name, icon_path
from apps.organizations.admin_display import WordsField, badge, chips, minutes_in_words
from apps.organizations.models import Organization, OrganizationPolicy
from apps.organizations.staff import staff_actor
from apps.organizations.tenant_admin import is_new

# So many are named when many were switched at once.
NAMED = 3
PRIORITIES = [(word, word) for word in ("Low", "Normal", "High", "Urgent")]
ONLY_SERVICETITAN = "vendor_type == 'servicetitan'"
VENDOR_FIELDS = ("business_unit_id", "campaign_id", "priority", "tag_type_ids")


class AsTheBusinessField(forms.TypedChoiceField):
    """Yes, no, or whatever the business's own rule is."""

    widget = UnfoldAdminSelectWidget

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", "As the business"), ("yes", "Yes"), ("no", "No")]
        coerce = {"yes": True, "no": False}.__getitem__
        super().__init__(choices=choices, coerce=coerce, empty_value=None, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored truth as its word."""
        return {True: "yes", False: "no", None: ""}.get(value, value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as words."""
        return bool(self.prepare_value(initial) != (data or ""))


class ServiceForm(ContentForm):
    """A service, with what ServiceTitan wants as fields of its own."""

    required_skills = WordsField(
        required=False,
        label="Skills it needs",
        help_text="With commas between them. Only people with all of these are offered, such as gas licence.",
    )
    business_unit_id = forms.IntegerField(
        min_value=1, required=False, label="Business unit", widget=UnfoldAdminIntegerFieldWidget
    )
    campaign_id = forms.IntegerField(
        min_value=1, required=False, label="Campaign", widget=UnfoldAdminIntegerFieldWidget
    )
    priority = forms.ChoiceField(
        choices=PRIORITIES, required=False, initial="Normal", widget=UnfoldAdminSelectWidget
    )
    tag_type_ids = WordsField(
        required=False,
        label="Tags",
        help_text="The numbers of ServiceTitan's tags, with commas between them.",
    )

    currency = forms.CharField(
        required=False,
        max_length=3,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "As the business"}),
        help_text="Three letters, such as USD. Empty: as everywhere in your business.",
    )
    online_cancel = AsTheBusinessField(label="Customers can cancel online")
    online_reschedule = AsTheBusinessField(label="Customers can move it online")

    class Meta:
        model = BookingService
        exclude: ClassVar = ["vendor_data"]
        labels: ClassVar = {
            "duration_minutes": "Length, in minutes",
            "may_split": "Over several days",
            "requires_approval": "Asks you first",
            "buffer_before_minutes": "Before, in minutes",
            "buffer_after_minutes": "After, in minutes",
            "cancel_notice_minutes": "Notice to cancel, in minutes",
            "reschedule_notice_minutes": "Notice to move, in minutes",
            "vendor_type": "Calendar",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.vendor_type == VendorType.SERVICETITAN:
            stored = self.instance.vendor_data or {}
            self.initial.update({name: stored[name] for name in VENDOR_FIELDS if name in stored})
            self.initial["tag_type_ids"] = [str(tag) for tag in stored.get("tag_type_ids", [])]
        if is_new(self.instance):
            self.initial["currency"] = ""
        if self.business_id is not None:
            self._say_what_the_business_does(self.business_id)

    def _say_what_the_business_does(self, organization_id: Any) -> None:
        """What an empty field means here: the rules of the house, in words."""
        policy = OrganizationPolicy.objects.filter(organization_id=organization_id).first()
        if policy is None:
            return
        notice = "In your business: {}."
        said = {
            "online_cancel": notice.format("yes" if policy.online_cancel else "no"),
            "online_reschedule": notice.format("yes" if policy.online_reschedule else "no"),
            "cancel_notice_minutes": notice.format(_until(policy.cancel_notice_minutes)),
            "reschedule_notice_minutes": notice.format(_until(policy.reschedule_notice_minutes)),
            "buffer_before_minutes": notice.format(minutes_in_words(policy.buffer_before_minutes) or "none"),
            "buffer_after_minutes": notice.format(minutes_in_words(policy.buffer_after_minutes) or "none"),
        }
        for name, words in said.items():
            if name in self.fields:
                self.fields[name].help_text = f"{self.fields[name].help_text} {words}".strip()

    def clean_currency(self) -> str:
        """Three capital letters; empty: the business's own."""
        currency: str = self.cleaned_data["currency"].strip().upper()
        if currency:
            return currency
        own: Organization | None = self.cleaned_data.get("organization")
        if own is None and self.business_id is not None:
            own = Organization.objects.filter(pk=self.business_id).first()
        return own.currency if own else self.instance.currency

    def clean(self) -> dict[str, Any]:
        """Bring the vendor's fields into their shape."""
        cleaned = super().clean()
        if "vendor_type" not in cleaned:
            return cleaned
        self.instance.vendor_data = {}
        if cleaned["vendor_type"] == VendorType.NATIVE:
            self.instance.vendor_sync_status = VendorSyncStatus.NOT_LINKED
            return cleaned
        given = {name: cleaned.get(name) for name in VENDOR_FIELDS}
        try:
            data = ServiceTitanVendorData.model_validate(
                {k: v for k, v in given.items() if v not in (None, "")}
            )
        except ShapeError as error:
            for words in in_words(error):
                self.add_error("tag_type_ids", words)
            return cleaned
        self.instance.vendor_data = data.model_dump(mode="json")
        return cleaned


def _until(minutes: int) -> str:
    return f"until {minutes_in_words(minutes)} before the visit" if minutes else "until the visit begins"


class InFlowFilter(admin.SimpleListFilter):
    """Whether some flow's draft leads to it."""

    title = "in a flow"
    parameter_name = "in_flow"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Yes and no."""
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Services that a node stands for, itself or by an answer."""
        if self.value() not in {"yes", "no"}:
            return queryset
        offered = BookingService.objects.filter(Q(nodes__isnull=False) | Q(answers__nodes__isnull=False))
        ids = offered.order_by().values("pk")
        return queryset.filter(pk__in=ids) if self.value() == "yes" else queryset.exclude(pk__in=ids)


@admin.register(BookingService)
class ServiceAdmin(ContentAdmin):
    """What customers can book."""

    empty_title = "No services yet"
    empty_text = "What can customers book with you? Give it a name, a length and a price."
    form = ServiceForm
    list_display = (
        "picture",
        "title",
        "length",
        "price_text",
        "skills",
        "used_in",
        "booked",
        "approval",
        "state",
    )
    list_display_links = ("title",)
    list_filter = ("active", InFlowFilter, "requires_approval", "vendor_type")
    actions = ["switch_off", "switch_on"]
    instead = "Switch it off: nobody can book it any more, and everything that refers to it stays whole."
    instead_action = ("switch_off", "Switch it off instead")
    search_fields = ("title", "description", "job_type_name")
    readonly_fields = ("vendor_sync_status",)
    conditional_fields: ClassVar = dict.fromkeys(
        (*VENDOR_FIELDS, "job_type_id", "job_type_name", "vendor_sync_status"), ONLY_SERVICETITAN
    )
    fieldsets = (
        ("What customers see", {"fields": ["title", "description", "icon", "active"]}),
        (
            "Length and price",
            {"fields": ["duration_minutes", "may_split", ("price", "currency"), "price_note"]},
        ),
        ("Who can do it", {"fields": ["required_skills", "requires_approval"]}),
        ("Time kept free around it", {"fields": [("buffer_before_minutes", "buffer_after_minutes")]}),
        (
            "When plans change",
            {
                "fields": [
                    ("online_cancel", "cancel_notice_minutes"),
                    ("online_reschedule", "reschedule_notice_minutes"),
                ]
            },
        ),
        (
            "Where it is scheduled",
            {"fields": ["vendor_type", "job_type_id", "job_type_name", *VENDOR_FIELDS, "vendor_sync_status"]},
        ),
    )

    @admin.display(description="")
    def picture(self, service: BookingService) -> SafeString | str:
        """Its icon."""
        if current_name(service.icon) is None:
            return ""
        return format_html(
            '<svg class="bo-picture" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>',
            icon_path(service.icon),
        )

    @admin.display(description="Booked")
    def booked(self, service: Any) -> str:
        """How often, ever."""
        counts = [use.title for use in service.uses if use.kind == "Bookings"]
        return f"{counts[0]} ×" if counts else "–"

    @admin.display(description="Length", ordering="duration_minutes")
    def length(self, service: BookingService) -> str:
        """In hours and minutes."""
        return minutes_in_words(service.duration_minutes)

    @admin.display(description="Price", ordering="price")
    def price_text(self, service: BookingService) -> str:
        """With its currency."""
        return "Quoted on site" if service.price is None else f"{service.price} {service.currency}"

    @admin.display(description="Needs")
    def skills(self, service: BookingService) -> Any:
        """The skills that somebody must have."""
        return chips(service.required_skills)

    @admin.display(description="Approval")
    def approval(self, service: BookingService) -> SafeString | str:
        """Whether bookings wait for somebody."""
        return badge("Asks you first", "warning") if service.requires_approval else "–"

    @admin.display(description="State", ordering="active")
    def state(self, service: BookingService) -> SafeString:
        """Whether it can be booked."""
        return badge("Bookable", "success") if service.active else badge("Off")

    # --- On and off, for many at once --------------------------------------------------------------

    @admin.action(description="Switch off …", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[BookingService]) -> HttpResponse:
        """Show what that means, then do it."""
        return self._switch(request, queryset, active=False)

    @admin.action(description="Switch on …", permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[BookingService]) -> HttpResponse:
        """The same, the other way."""
        return self._switch(request, queryset, active=True)

    def _switch(
        self, request: HttpRequest, queryset: QuerySet[BookingService], *, active: bool
    ) -> HttpResponse:
        services = list(queryset.exclude(active=active).order_by("title", "id"))
        changelist = reverse("admin:content_bookingservice_changelist")
        if not services:
            messages.info(request, f"All of these are {_word(active)} already.")
            return HttpResponseRedirect(changelist)
        if "confirm" not in request.POST:
            found = uses_of(services)
            rows = [
                (row, [use for use in found[row.pk] if use.kind == "Flow" and use.keeps]) for row in services
            ]
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": f"Switch {_word(active)}",
                "rows": rows,
                "active": active,
                "action": "switch_on" if active else "switch_off",
            }
            return TemplateResponse(request, "backoffice/content/switch.html", context)
        changed: list[BookingService] = []
        for organization_id in sorted({service.organization_id for service in services}):
            own = [service.pk for service in services if service.organization_id == organization_id]
            actor = staff_actor(request, organization_id)
            changed += switch_services(actor=actor, service_ids=own, active=active)
        self._say_switched(request, changed, active=active)
        return HttpResponseRedirect(changelist)

    def _say_switched(self, request: HttpRequest, changed: list[BookingService], *, active: bool) -> None:
        """With a button that brings exactly these back."""
        names = ", ".join(f"“{service.title}”" for service in changed[:NAMED])
        more = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
        ids = format_html_join(
            "", '<input type="hidden" name="_selected_action" value="{}">', ((row.pk,) for row in changed)
        )
        undo = format_html(
            '<form method="post" class="bo-undo"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<input type="hidden" name="action" value="{}"><input type="hidden" name="confirm" value="yes">{}'
            '<button type="submit">Undo</button></form>',
            get_token(request),
            "switch_off" if active else "switch_on",
            ids,
        )
        verb = "is" if len(changed) == 1 else "are"
        messages.success(request, format_html("{}{} {} {}. {}", names, more, verb, _word(active), undo))


def _word(active: bool) -> str:
    return "on" if active else "off"
