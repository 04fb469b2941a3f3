"""Forms of brand kits and widgets."""

from typing import Any, ClassVar

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from unfold.widgets import UnfoldAdminRadioSelectWidget

from apps.flows.appearance import COLOR_NAMES, BrandKit, ColorMode, SchedulerConfig
from apps.flows.appearance_admin_inputs import ColorInput, FontInput, LogoInput, RadiusInput
from apps.organizations.admin_display import LinesField
from apps.organizations.tenant_admin import TenantModelForm, is_new

LABELS = {
    "primary": "Main colour",
    "secondary": "Second colour",
    "accent": "Highlights",
    "surface": "Surface",
    "text": "Text",
    "muted": "Quiet text",
    "danger": "Errors",
    "success": "Success",
}


class BrandKitForm(TenantModelForm):
    """Colours with pickers, a slider, a choice of fonts, the logo as it will be."""

    mode = forms.ChoiceField(
        label="Light or dark",
        choices=ColorMode.choices,
        initial=ColorMode.LIGHT,
        widget=UnfoldAdminRadioSelectWidget,
        help_text="The dark shades are made from your colours, and can always be read.",
    )

    class Meta:
        model = BrandKit
        exclude: ClassVar[list[str]] = []
        labels: ClassVar = {
            **{f"color_{name}": label for name, label in LABELS.items()},
            "radius_px": "Round corners",
            "font_family": "Font",
        }
        widgets: ClassVar = {
            **{f"color_{name}": ColorInput for name in COLOR_NAMES},
            "radius_px": RadiusInput,
            "font_family": FontInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "logo" in self.fields:
            self.fields["logo"].widget = LogoInput(None if is_new(self.instance) else self.instance)

    def clean_logo(self) -> Any:
        """Without what the browser says of its kind: S3 would tell every visitor's browser the same.

        The kind follows from the name, and whether the name is right is seen from the pixels (check_logo).
        """
        logo = self.cleaned_data["logo"]
        return ContentFile(logo.read(), name=logo.name) if isinstance(logo, UploadedFile) else logo


class SchedulerConfigForm(TenantModelForm):
    """Selectors one a line."""

    target_click_elements = LinesField(
        required=False,
        label="Buttons that open it",
        help_text="One CSS selector a line: #book-now is the element with that id, .book-online all with "
        "that class, a[href='/book'] all links to that page. Elements with data-wrkbelt-open always open it.",
    )

    class Meta:
        model = SchedulerConfig
        exclude: ClassVar[list[str]] = ["is_default"]
        labels: ClassVar = {
            "brand_kit": "Looks",
            "fallback_phone_number": "Phone number",
            "fallback_title": "Title",
            "fallback_description": "Text",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "fallback_icon" in self.fields:
            self.fields["fallback_icon"].label = "Icon"
