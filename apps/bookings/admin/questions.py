"""What checkout asks: plain configuration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.bookings.models import CheckoutQuestion
from apps.organizations.admin_display import LinesField, badge
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import OwnRowsFilter, TenantAdmin, TenantModelForm


class CheckoutQuestionForm(TenantModelForm):
    """A question with its options one a line."""

    options = LinesField(
        required=False, label="Options", help_text="For “one of a list”: one a line, in the order of showing."
    )


@admin.register(CheckoutQuestion)
class CheckoutQuestionAdmin(TenantAdmin):
    """What must be known before a visit, asked with the customer's details."""

    empty_title = "Nothing is asked at checkout"
    empty_text = "Ask what you must know before the visit, such as “How do we get in?”."
    area = Area.CATALOGUE
    form = CheckoutQuestionForm
    list_display = ("text", "about", "kind", "must", "state", "sort_order")
    list_filter = ("active", "required", "kind", ("service", OwnRowsFilter))
    list_select_related = ("service",)
    search_fields = ("text",)
    ordering = ("sort_order", "id")
    fieldsets = (
        ("Question", {"fields": ["text", "help_text", ("kind", "required"), "options"]}),
        ("When it is asked", {"fields": ["service", ("active", "sort_order")]}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not once somebody has answered it: that would lose its question. Switch it off instead."""
        if obj is not None and obj.answers.exists():
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description="Asked with", ordering="service__title")
    def about(self, question: CheckoutQuestion) -> str:
        """A service, or everything."""
        return question.service.title if question.service else "Every booking"

    @admin.display(description="Answer", ordering="required")
    def must(self, question: CheckoutQuestion) -> SafeString:
        """Whether one can go on without it."""
        return badge("Required", "info") if question.required else badge("Optional")

    @admin.display(description="State", ordering="active")
    def state(self, question: CheckoutQuestion) -> SafeString:
        """Whether it is asked."""
        return badge("Asked", "success") if question.active else badge("Off")
