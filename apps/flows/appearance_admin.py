"""How the widget looks and where it opens. Registered by apps/flows/admin.py."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminColorInputWidget

from apps.flows.appearance import COLOR_NAMES
from apps.flows.models import BrandKit, SchedulerConfig
from apps.organizations.admin_display import LinesField, badge, chips
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import OwnRowsFilter, TenantAdmin, TenantModelForm


@admin.register(BrandKit)
class BrandKitAdmin(TenantAdmin):
    """Logo, colours, corners and type, with the widget beside them."""

    empty_title = "No brand yet"
    empty_text = "Colours, logo and corners: the widget looks like your website, not like us."
    area = Area.CATALOGUE
    list_display = ("name", "palette", "mode", "radius_px", "used_by")
    list_filter = ("mode",)
    search_fields = ("name",)
    change_form_outer_after_template = "backoffice/brand_preview.html"
    fieldsets = (
        (None, {"fields": ["name", "logo"]}),
        (
            "Colours",
            {"fields": [f"color_{name}" for name in COLOR_NAMES]},
        ),
        ("Shape and type", {"fields": ["radius_px", "mode", "font_family"]}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Keep the colour inputs, which unfold's own text inputs would replace."""
        if db_field.name.startswith("color_"):
            name = db_field.name.removeprefix("color_")
            kwargs["widget"] = UnfoldAdminColorInputWidget(attrs={"data-bo-color": name})
            return db_field.formfield(**kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the widgets that use a kit."""
        return super().get_queryset(request).prefetch_related("scheduler_configs")

    @admin.display(description="Colours")
    def palette(self, kit: BrandKit) -> SafeString:
        """The eight colours side by side."""
        # An SVG's fill is an attribute, which a strict content policy allows; a style would not be.
        dots = ((index * 18 + 8, color, name) for index, (name, color) in enumerate(kit.colors().items()))
        return format_html(
            '<svg width="152" height="18" role="img" aria-label="Colours">{}</svg>',
            format_html_join(
                "",
                '<circle cx="{}" cy="9" r="7.5" fill="{}" stroke="#8886"><title>{}</title></circle>',
                dots,
            ),
        )

    @admin.display(description="Used by")
    def used_by(self, kit: BrandKit) -> Any:
        """The widgets that look like this."""
        return chips(config.name for config in kit.scheduler_configs.all())


class SchedulerConfigForm(TenantModelForm):
    """Selectors one a line."""

    target_click_elements = LinesField(
        required=False,
        label="Buttons that open it",
        help_text="One CSS selector a line, such as #book-now or .book-online.",
    )

    class Meta:
        model = SchedulerConfig
        exclude: ClassVar[list[str]] = []


@admin.register(SchedulerConfig)
class SchedulerConfigAdmin(TenantAdmin):
    """One widget on one's site."""

    empty_title = "No widget yet"
    empty_text = "A widget knows which buttons of your website open it, and how it looks."
    area = Area.CATALOGUE
    form = SchedulerConfigForm
    list_display = ("name", "brand_kit", "buttons", "fallback_phone_number", "default_badge")
    list_filter = (("brand_kit", OwnRowsFilter),)
    list_select_related = ("brand_kit", "organization")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ["name", "is_default", "brand_kit"]}),
        ("On your site", {"fields": ["target_click_elements"]}),
        (
            "When booking online is not possible",
            {
                "fields": [
                    "fallback_phone_number",
                    "fallback_title",
                    "fallback_description",
                    "fallback_icon",
                ]
            },
        ),
    )

    @admin.display(description="Opens on")
    def buttons(self, config: SchedulerConfig) -> Any:
        """The selectors."""
        return chips(config.target_click_elements)

    @admin.display(description="Default", ordering="is_default")
    def default_badge(self, config: SchedulerConfig) -> SafeString | str:
        """Whether pages that name no widget get this one."""
        return badge("Default", "info") if config.is_default else "–"
