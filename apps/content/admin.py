"""What is sold, and what is asked: services, questions with their answers, headings."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from pydantic import ValidationError as ShapeError
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from apps.content.models import (
    BookingAnswerCategory,
    BookingQuestion,
    BookingQuestionAnswer,
    BookingService,
    VendorSyncStatus,
    VendorType,
)
from apps.content.types import ServiceTitanVendorData, in_words
from apps.organizations.admin_display import WordsField, badge, chips, minutes_in_words
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import (
    TenantAdmin,
    TenantModelForm,
    TenantStackedInline,
    belongs_by,
)

belongs_by(BookingQuestionAnswer, "question__organization_id")

PRIORITIES = [(word, word) for word in ("Low", "Normal", "High", "Urgent")]
ONLY_SERVICETITAN = "vendor_type == 'servicetitan'"
VENDOR_FIELDS = ("business_unit_id", "campaign_id", "priority", "tag_type_ids")


class ServiceForm(TenantModelForm):
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

    class Meta:
        model = BookingService
        exclude: ClassVar = ["vendor_data"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.vendor_type == VendorType.SERVICETITAN:
            stored = self.instance.vendor_data or {}
            self.initial.update({name: stored[name] for name in VENDOR_FIELDS if name in stored})
            self.initial["tag_type_ids"] = [str(tag) for tag in stored.get("tag_type_ids", [])]

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


@admin.register(BookingService)
class ServiceAdmin(TenantAdmin):
    """What customers can book."""

    empty_title = "No services yet"
    empty_text = "What can customers book with you? Give it a name, a length and a price."
    area = Area.CATALOGUE
    form = ServiceForm
    list_display = ("title", "length", "price_text", "skills", "approval", "state")
    list_filter = ("active", "requires_approval", "vendor_type")
    search_fields = ("title", "description", "job_type_name")
    readonly_fields = ("vendor_sync_status",)
    conditional_fields: ClassVar = dict.fromkeys(
        (*VENDOR_FIELDS, "job_type_id", "job_type_name", "vendor_sync_status"), ONLY_SERVICETITAN
    )
    fieldsets = (
        ("What customers see", {"fields": ["title", "description", "icon", "active"]}),
        ("Length and price", {"fields": ["duration_minutes", "price", "currency", "price_note"]}),
        ("Who can do it", {"fields": ["required_skills", "requires_approval"]}),
        ("Time kept free around it", {"fields": [("buffer_before_minutes", "buffer_after_minutes")]}),
        (
            "Where it is scheduled",
            {"fields": ["vendor_type", "job_type_id", "job_type_name", *VENDOR_FIELDS, "vendor_sync_status"]},
        ),
    )

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


class AnswerInline(TenantStackedInline):
    """The possible answers, on the question's page."""

    area = Area.CATALOGUE
    model = BookingQuestionAnswer
    verbose_name = "answer"
    verbose_name_plural = "Answers"
    collapsible = True
    hide_title = False
    fields = (("type", "sort_order"), ("service", "category"), ("title", "icon"), "description")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BookingQuestionAnswer]:
        """With the services whose names the answers show."""
        return (
            super().get_queryset(request).select_related("service", "question").order_by("sort_order", "id")
        )


@admin.register(BookingQuestion)
class QuestionAdmin(TenantAdmin):
    """Questions that flows can ask."""

    empty_title = "No questions yet"
    empty_text = "Questions lead customers to the right service, such as “Gas or electric?”."
    area = Area.CATALOGUE
    list_display = ("title", "unique_name", "answer_count")
    search_fields = ("title", "unique_name")
    inlines: ClassVar = [AnswerInline]
    prepopulated_fields: ClassVar = {"unique_name": ["title"]}
    fieldsets = (
        ("What customers see", {"fields": ["title", "help_text", "description", "icon"]}),
        ("For yourself", {"fields": ["unique_name"]}),
    )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only while it is new: reports go by this name."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of answers."""
        questions: QuerySet[Any] = super().get_queryset(request)
        return cast("QuerySet[Any]", questions.annotate(answers_total=Count("answers")))

    @admin.display(description="Answers", ordering="answers_total")
    def answer_count(self, question: Any) -> int:
        """How many there are to choose from."""
        return int(question.answers_total)


@admin.register(BookingAnswerCategory)
class AnswerCategoryAdmin(TenantAdmin):
    """Headings under which answers stand together."""

    empty_title = "No headings yet"
    empty_text = "Answers can stand under headings, such as “Heating” and “Plumbing”."
    area = Area.CATALOGUE
    list_display = ("title", "description")
    search_fields = ("title",)
    fieldsets = (("What customers see", {"fields": ["title", "description", "icon"]}),)
