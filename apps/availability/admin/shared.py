"""What the pages of branches and their team share: switches that are pages of their own, and photos."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.availability.models import Resource, ResourceKind

LARGEST_PHOTO = 5 * 1024 * 1024


def with_link(words: Any, name: str, row_id: Any, link: str) -> SafeString:
    """A value that is changed on a page of its own, because it touches what is booked."""
    url = reverse(f"admin:{name}", args=[row_id])
    return format_html('{} <a class="bo-link bo-beside" href="{}">{}</a>', words, url, link)


class ZoneInput(UnfoldAdminTextInputWidget):  # type: ignore[misc]  # unfold has no types
    """A time zone: one types a city and chooses."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The zones that have a city, as suggestions; what is typed is checked as before."""
        options = f"{(attrs or {}).get('id', f'id_{name}')}-zones"
        field = super().render(
            name, value, {**(attrs or {}), "list": options, "autocomplete": "off"}, renderer
        )
        zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        listed = format_html_join("", '<option value="{}"></option>', ((zone,) for zone in zones))
        return format_html('{}<datalist id="{}">{}</datalist>', field, options, listed)


class PhotoInput(forms.ClearableFileInput):
    """A photo with what it is now, and with what was chosen before it is saved."""

    def __init__(self, resource: Resource | None = None) -> None:
        super().__init__()
        self.resource = resource

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The picture comes from a page that checks who is asking, never from a public folder."""
        has_one = self.resource is not None and bool(self.resource.photo)
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "resource": self.resource if has_one else None,
            "clear": self.clear_checkbox_name(name),
        }
        return SafeString(render_to_string("backoffice/photo_input.html", context))


def check_photo(photo: Any) -> Any:
    """Raises ValidationError for one that is too large to send to every page."""
    size = getattr(photo, "size", 0) if photo and getattr(photo, "content_type", None) else 0
    if size > LARGEST_PHOTO:
        raise ValidationError("Choose a photo of at most 5 MB.")
    return photo


class KindFilter(admin.SimpleListFilter):
    """People, rooms, equipment: the pools belong to their locations."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every kind but the pool."""
        return [(kind.value, str(kind.label)) for kind in ResourceKind if kind != ResourceKind.POOL]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset
