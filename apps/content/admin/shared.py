"""What the pages of services, questions and headings share: where a row is used, and that it then stays."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.db import IntegrityError, models
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.content.uses import Use, uses_of
from apps.organizations.admin_display import NOTHING
from apps.organizations.staff import Area
from apps.organizations.tenant_admin import TenantAdmin, TenantModelForm

SHOWN_IN_LISTS = 2
PUT_TO_USE = "It was put to use while you looked at this page. Look again where it is used."


def link_to(use: Use) -> SafeString:
    """A use with the way there."""
    return (
        format_html('<a class="bo-link" href="{}">{}</a>', use.url, use)
        if use.url
        else format_html("{}", use)
    )


class UsesChangeList(ChangeList):
    """A list that knows where its rows are used, for a handful of queries a page."""

    def get_results(self, request: HttpRequest) -> None:
        """Ask once for all rows of the page."""
        super().get_results(request)
        rows = list(self.result_list)
        found = uses_of(rows)
        for row in rows:
            row.uses = found[row.pk]
        self.result_list = rows


class ContentAdmin(TenantAdmin):
    """A page of something that flows use."""

    area = Area.CATALOGUE
    change_form_outer_after_template = "backoffice/content/used_in.html"
    delete_confirmation_template = "backoffice/content/delete.html"
    delete_selected_confirmation_template = "backoffice/content/delete_selected.html"
    # What one can do instead of deleting, in words; and the list's action that does it.
    instead: ClassVar[str] = "Take it out there first; then it can be deleted."
    instead_action: ClassVar[tuple[str, str] | None] = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """With the uses."""
        return UsesChangeList

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With everything that uses the row."""
        row = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(self.uses_context(row) if row is not None else {})}
        return super().change_view(request, object_id, form_url, context)

    def uses_context(self, row: Any) -> dict[str, Any]:
        """What the panel shows."""
        return {"uses": uses_of([row])[row.pk], "used_parts": []}

    # --- Deleting -----------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What is used somewhere is protected, one by one and in bulk."""
        keeping = self._keeping(list(objs))
        protected = [
            format_html("“{}”: {}", row, format_html_join(", ", "{}", ((link_to(use),) for use in uses)))
            for row, uses in keeping
            if uses
        ]
        if protected:
            return [], {}, set(), protected
        return super().get_deleted_objects(objs, request)

    def _keeping(self, rows: Sequence[Any]) -> list[tuple[Any, list[Use]]]:
        found = uses_of(rows)
        return [(row, [use for use in found[row.pk] if use.keeps]) for row in rows]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """With what one can do instead; a use that comes in between is said, too."""
        context = {**(extra_context or {}), "instead": self.instead, "instead_action": self.instead_action}
        try:
            return super().delete_view(request, object_id, context)
        except (IntegrityError, ProtectedError):
            messages.error(request, PUT_TO_USE)
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """All or none."""
        try:
            super().delete_queryset(request, queryset)
        except (IntegrityError, ProtectedError):
            messages.error(request, PUT_TO_USE)

    # --- Lists --------------------------------------------------------------------------------------

    def used_in(self, row: Any) -> SafeString | str:
        """The flows by name, the live ones first, and how many more there are."""
        titles = list(dict.fromkeys(use.title for use in row.uses if use.is_flow and use.keeps))
        others = len([use for use in row.uses if use.keeps and use.kind not in {"Flow", "Bookings"}])
        words = titles[:SHOWN_IN_LISTS]
        if len(titles) > SHOWN_IN_LISTS:
            words.append(f"{len(titles) - SHOWN_IN_LISTS} more")
        if not titles and others:
            words.append(f"{others} other place{'' if others == 1 else 's'}")
        return ", ".join(words) or NOTHING

    used_in.short_description = "Used in"  # type: ignore[attr-defined]  # how Django names columns


class ContentForm(TenantModelForm):
    """A form that knows the business's own ways."""

    @property
    def business_id(self) -> UUID | None:
        """Whose row it is, as far as that is known before the form is sent."""
        return getattr(self.instance, "organization_id", None) or self.tenant_id
