"""How the widget looks and where it opens. Registered by apps/flows/admin.py."""

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.flows.appearance import COLOR_NAMES
from apps.flows.appearance_admin_forms import BrandKitForm, SchedulerConfigForm
from apps.flows.commands.duplicate_brand_kit import duplicate_brand_kit
from apps.flows.commands.set_default_widget import set_default_widget
from apps.flows.logos import forget_logo
from apps.flows.models import BrandKit, SchedulerConfig
from apps.organizations.admin_display import NOTHING, badge, chips
from apps.organizations.models import ApiKey, ApiKeyKind
from apps.organizations.staff import Area, access_of, staff_actor
from apps.organizations.tenant_admin import OwnRowsFilter, TenantAdmin
from apps.organizations.unfolded import asking_action


@admin.register(BrandKit)
class BrandKitAdmin(TenantAdmin):
    """Logo, colours, corners and type, with the real widget beside them."""

    empty_title = "No brand yet"
    empty_text = "Colours, logo and corners: the widget looks like your website, not like us."
    area = Area.CATALOGUE
    form = BrandKitForm
    list_display = ("name", "palette", "mode", "radius_px", "used_by")
    list_filter = ("mode",)
    search_fields = ("name",)
    actions = None
    actions_detail: ClassVar = ["duplicate"]
    readonly_fields = ("worn_by",)
    change_form_outer_after_template = "backoffice/brand/preview.html"
    fieldsets = (
        (None, {"fields": ["name", "logo", "worn_by"]}),
        (
            "Colours",
            {
                "fields": [f"color_{name}" for name in COLOR_NAMES],
                "description": "Text needs a contrast of 4.5 to 1 on the surface, buttons and marks 3 to 1: "
                "less, and part of your customers cannot make them out. Such a kit is not saved.",
            },
        ),
        ("Shape and type", {"fields": ["radius_px", "font_family", "mode"]}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Keep the form's own inputs, which unfold's would replace."""
        if db_field.name in self.form.Meta.widgets:
            return db_field.formfield(**kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the widgets that use a kit."""
        return super().get_queryset(request).prefetch_related("scheduler_configs")

    def save_model(self, request: HttpRequest, obj: BrandKit, form: Any, change: Any) -> None:
        """A logo that was replaced goes, once the kit that shows the new one is saved."""
        before = form.initial.get("logo")
        super().save_model(request, obj, form, change)
        if before and before.name != obj.logo.name:
            self._forget(obj, before.name)

    def delete_model(self, request: HttpRequest, obj: BrandKit) -> None:
        """The logo goes, too."""
        super().delete_model(request, obj)
        self._forget(obj, obj.logo.name)

    def _forget(self, kit: BrandKit, name: str | None) -> None:
        if name:
            transaction.on_commit(partial(forget_logo, name, organization_id=kit.organization_id))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A kit that a widget wears stays; which one, is said."""
        kit = self.get_object(request, object_id)
        configs = list(kit.scheduler_configs.all()) if kit else []
        if not configs:
            return super().delete_view(request, object_id, extra_context)
        names = " and ".join(f"“{config.name}”" for config in configs)
        messages.error(
            request, f"{names} wear{'s' if len(configs) == 1 else ''} this brand. Give it another first."
        )
        return HttpResponseRedirect(reverse("admin:flows_brandkit_change", args=[object_id]))

    @asking_action(
        description="Duplicate",
        icon="content_copy",
        url_path="duplicate",
        question="Duplicate this brand?",
        consequence="The copy looks the same, and no widget wears it until you say so.",
        confirm="Duplicate",
    )
    def duplicate(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """Copy by command, and go to the copy."""
        kit = self.get_object(request, object_id)
        if kit is None:
            return self.after_action(request)
        twin = duplicate_brand_kit(actor=staff_actor(request, kit.organization_id), brand_kit_id=kit.pk)
        messages.success(request, f"This is “{twin.name}”. Change what you like; no widget wears it yet.")
        return self.after_action(request, str(twin.pk))

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

    @admin.display(description="Used by")
    def worn_by(self, kit: BrandKit) -> Any:
        """The widgets that look like this, and the way to each."""
        if kit._state.adding:  # noqa: SLF001  (Django's own way to ask)
            return "No widget yet."
        return _links(kit.scheduler_configs.all()) or "No widget: choose it on a widget’s page."


def _links(configs: Iterable[SchedulerConfig]) -> SafeString:
    rows = ((reverse("admin:flows_schedulerconfig_change", args=[one.pk]), one.name) for one in configs)
    return format_html_join(", ", '<a class="bo-link" href="{}">{}</a>', rows)


@admin.register(SchedulerConfig)
class SchedulerConfigAdmin(TenantAdmin):
    """One widget: on a website, at a kiosk, in an app."""

    empty_title = "No widget yet"
    empty_text = "A widget knows which buttons of your website open it, and how it looks."
    area = Area.CATALOGUE
    form = SchedulerConfigForm
    list_display = ("name", "brand_kit", "buttons", "fallback_phone_number", "default_badge")
    list_filter = (("brand_kit", OwnRowsFilter),)
    list_select_related = ("brand_kit", "organization")
    search_fields = ("name",)
    actions_detail: ClassVar = ["make_default"]
    change_form_outer_before_template = "backoffice/widget/embed.html"
    change_form_outer_after_template = "backoffice/widget/preview.html"
    fieldsets = (
        (None, {"fields": ["name", "brand_kit"]}),
        ("On your site", {"fields": ["target_click_elements"]}),
        (
            "When booking online is not possible",
            {
                "fields": [
                    "fallback_phone_number",
                    "fallback_title",
                    "fallback_description",
                    "fallback_icon",
                ],
                "description": "Shown where nothing can be loaded or no flow is published. Without a phone "
                "number there is no such screen.",
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: SchedulerConfig, form: Any, change: Any) -> None:
        """A business's first widget is its default."""
        rows = SchedulerConfig.objects.for_organization(obj.organization_id)
        if not change and not rows.filter(is_default=True).exists():
            obj.is_default = True
        super().save_model(request, obj, form, change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With what to paste into a page, and who may."""
        config = self.get_object(request, object_id)
        context = {
            **(extra_context or {}),
            "scheduler_base": request.build_absolute_uri("/").rstrip("/"),
            "embed_keys": list(_keys_of(config)) if config else [],
            "may_change_keys": config is not None
            and access_of(request).may(Area.BUSINESS, config.organization_id),
        }
        return super().change_view(request, object_id, form_url, context)

    @asking_action(
        description="Make it the default",
        icon="star",
        url_path="make-default",
        question="Make this widget the default?",
        consequence="Pages that do not say which widget they mean open this one from now on.",
        confirm="Make it the default",
    )
    def make_default(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        """By command."""
        config = self.get_object(request, object_id)
        if config is not None:
            set_default_widget(actor=staff_actor(request, config.organization_id), config_id=config.pk)
            messages.success(request, f"“{config.name}” opens wherever a page names no widget.")
        return self.after_action(request, object_id)

    @admin.display(description="Opens on")
    def buttons(self, config: SchedulerConfig) -> Any:
        """The selectors."""
        return chips(config.target_click_elements)

    @admin.display(description="Default", ordering="is_default")
    def default_badge(self, config: SchedulerConfig) -> SafeString | str:
        """Whether pages that name no widget get this one."""
        return badge("Default", "info") if config.is_default else NOTHING


def _keys_of(config: SchedulerConfig) -> Iterable[ApiKey]:
    keys = ApiKey.objects.for_organization(config.organization_id)
    return keys.filter(kind=ApiKeyKind.PUBLISHABLE, revoked_at__isnull=True).order_by("name", "id")
