"""Choosing an icon: a field with a picture, and a list to search, in every form that has an icon."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.core.icons import current_name, icon_path, icons_version

ICON_FIELDS = frozenset({"icon", "answer_icon", "fallback_icon"})


class IconWidget(UnfoldAdminTextInputWidget):  # type: ignore[misc]  # untyped library
    """The chosen icon, and a button that opens the list. Without scripts it is a text input."""

    class Media:
        js = ("backoffice/icon_picker.js",)
        css = {"all": ("backoffice/icon_picker.css",)}

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """The input with its preview."""
        shown = current_name(value) if value else None
        context = {
            "input": super().render(name, value, {**(attrs or {}), "data-icon-input": True}, renderer),
            "url": f"{reverse('admin:icons')}?v={icons_version()}",
            "path": icon_path(shown) if shown else "",
            "value": value or "",
        }
        return SafeString(render_to_string("backoffice/icon_input.html", context))


class IconFormField(forms.CharField):
    """An icon's name. The model refuses what there is not; old names become today's."""

    widget = IconWidget

    def to_python(self, value: Any) -> Any:
        """Today's name for an old one, small letters for capitals."""
        name = super().to_python(value)
        plain = name.strip().lower().replace(" ", "-") if name else name
        return current_name(plain) or plain if plain else plain
