"""Inputs of the brand kit's form. Each is a plain input with its name; the script adds pickers and notes."""

from typing import Any, ClassVar

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.flows.appearance import MOST_ROUND, BrandKit
from apps.flows.fonts import FONTS


class TemplateInput(UnfoldAdminTextInputWidget):  # type: ignore[misc]  # unfold has no types
    """An input drawn by a template of ours, which is also told `more`."""

    template: ClassVar[str]
    more: ClassVar[dict[str, Any]] = {}

    class Media:
        css: ClassVar = {"all": ("backoffice/brand.css",)}

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """With unfold's own classes."""
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "value": "" if value is None else value,
            "classes": self.attrs.get("class", ""),
            "required": self.is_required,
            **self.more,
        }
        return SafeString(render_to_string(self.template, context))


class ColorInput(TemplateInput):
    """A picker beside a field for the hex code, and room to say how well it can be read."""

    template = "backoffice/brand/color.html"


class RadiusInput(TemplateInput):
    """A slider with its value."""

    template = "backoffice/brand/radius.html"
    more: ClassVar = {"most": MOST_ROUND}


class FontInput(TemplateInput):
    """A choice of fonts, and a field for any other."""

    template = "backoffice/brand/font.html"
    more: ClassVar = {"fonts": FONTS, "select_classes": UnfoldAdminSelectWidget().attrs.get("class", "")}


class LogoInput(forms.ClearableFileInput):
    """The logo as it is, and as it will be, before it is saved."""

    def __init__(self, kit: BrandKit | None = None) -> None:
        super().__init__()
        self.kit = kit

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """With the logo that is saved, if there is one."""
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "url": self.kit.logo.url if self.kit is not None and self.kit.logo else "",
            "clear": self.clear_checkbox_name(name),
        }
        return SafeString(render_to_string("backoffice/brand/logo.html", context))
