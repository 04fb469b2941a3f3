"""The base of every admin page: each person sees and edits their own organizations' rows, and no others.

Rights come from memberships (apps/organizations/staff.py), never from Django's model permissions. Every
form offers only the rows of its own organization, sets the organization by itself, and checks that what
it points to belongs to it. Each addition, change and deletion goes into the audit log.
"""

import json
from collections.abc import Callable
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from apps.audit import log as audit
from apps.core.errors import DomainError
from apps.organizations.icon_field import ICON_FIELDS, IconFormField, IconWidget
from apps.organizations.models import Organization
from apps.organizations.staff import Access, Area, access_of, staff_actor
from apps.organizations.unfolded import ModelAdmin, StackedInline, TabularInline

ANOTHER_BUSINESS = "This belongs to another business. Choose one of the same business."


_paths: dict[type[models.Model], str] = {Organization: "pk"}


def belongs_by(model: type[models.Model], lookup: str) -> None:
    """Say how rows without an organization of their own get to theirs, such as `flow__organization_id`."""
    _paths[model] = lookup


def organization_lookup_of(model: type[models.Model]) -> str:
    """The path from a model's row to its organization's id. Raises ImproperlyConfigured."""
    if model in _paths:
        return _paths[model]
    if any(field.name == "organization" for field in model._meta.get_fields()):  # noqa: SLF001  (Django's own API)
        return "organization_id"
    raise ImproperlyConfigured(f"Say how to get from {model.__name__} to its organization.")


def organization_id_of(row: models.Model) -> UUID:
    """The organization that a row belongs to."""
    value: Any = row
    for name in organization_lookup_of(type(row)).split("__"):
        value = getattr(value, name)
    return cast("UUID", value)


def is_new(row: models.Model) -> bool:
    """Whether a row is not in the database yet; ours have their ids from the start."""
    return bool(row._state.adding)  # noqa: SLF001  (Django's own way to ask)


class TenantModelForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A form that knows whose row it edits."""

    tenant_id: ClassVar[UUID | None] = None
    organization_from: ClassVar[str | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.tenant_id and self._has_organization() and is_new(self.instance):
            self.instance.organization_id = self.tenant_id

    def clean(self) -> dict[str, Any]:
        """Take the organization from where it follows, and refuse rows of any other."""
        cleaned = super().clean() or self.cleaned_data
        source = cleaned.get(self.organization_from) if self.organization_from else None
        if source is not None:
            self.instance.organization_id = organization_id_of(source)
        elif cleaned.get("organization") is not None:
            self.instance.organization_id = cleaned["organization"].pk
        owner = getattr(self.instance, "organization_id", None) or self.tenant_id
        for name, value in list(cleaned.items()):
            if name == "organization" or not isinstance(value, models.Model) or owner is None:
                continue
            if organization_id_of(value) != owner:
                self.add_error(name, ANOTHER_BUSINESS)
        return cleaned

    def _has_organization(self) -> bool:
        return hasattr(self.instance, "organization_id")

    def _get_validation_exclusions(self) -> set[str]:
        """Check the constraints that name the organization, although the form does not ask for it."""
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        if self._has_organization() and self.instance.organization_id is not None:
            exclude.discard("organization")
        return exclude

    def _post_clean(self) -> None:
        try:
            super()._post_clean()  # type: ignore[misc]
        except ObjectDoesNotExist:
            # A model's clean() looked at a row that was not chosen; the form says that already.
            if not self.errors:
                raise


class ScopedFields:
    """What pages and their inlines share: choices of one's own organization only."""

    area: ClassVar[Area]

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        """A choice among the form's own organization's rows."""
        queryset = kwargs.get("queryset")
        if queryset is None:
            queryset = db_field.remote_field.model.objects.all()
        kwargs["queryset"] = self.own_rows(request, queryset)
        field: forms.ModelChoiceField[Any] | None = super().formfield_for_foreignkey(  # type: ignore[misc]
            db_field, request, **kwargs
        )
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Icons are chosen from a list with pictures."""
        if db_field.name in ICON_FIELDS:
            return db_field.formfield(form_class=IconFormField, widget=IconWidget())
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]

    def own_rows(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows that this form may point to."""
        lookup = organization_lookup_of(queryset.model)
        tenant_id = getattr(request, "form_tenant_id", None)
        if tenant_id is not None:
            return queryset.filter(**{lookup: tenant_id})
        access = access_of(request)
        if access.everywhere:
            return queryset
        return queryset.filter(**{f"{lookup}__in": access.organization_ids(self.area)})


# Texts grow with what is written in them.
TEXTS: dict[Any, Any] = {models.TextField: {"widget": UnfoldAdminExpandableTextareaWidget}}


class TenantAdmin(ScopedFields, ModelAdmin):  # type: ignore[type-arg]  # of any model
    """An admin page of tenant data. Subclasses say their `area`."""

    # What an empty list says: what will stand here, and what to do first.
    empty_title: ClassVar[str] = "Nothing here yet"
    empty_text: ClassVar[str] = ""
    # The field whose choice says which organization a new row belongs to, such as "location".
    organization_from: ClassVar[str | None] = None
    form = TenantModelForm
    formfield_overrides = TEXTS
    list_per_page = 50
    warn_unsaved_form = True
    compressed_fields = True
    list_filter_submit = True
    save_on_top = False

    # --- What is whose ----------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Only rows of organizations that this person works for in this area."""
        queryset = super().get_queryset(request)
        access = access_of(request)
        if access.everywhere:
            return queryset
        return queryset.filter(
            **{f"{organization_lookup_of(self.model)}__in": access.organization_ids(self.area)}
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether anybody of this role has business here."""
        return access_of(request).may(self.area)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By membership."""
        return self._works_here(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By membership."""
        return self._works_here(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By membership."""
        return self._works_here(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By membership."""
        return self._works_here(request, obj)

    def _works_here(self, request: HttpRequest, obj: Any) -> bool:
        # unfold passes an id where Django passes the row; its views fetch it by get_queryset anyway.
        organization_id = organization_id_of(obj) if isinstance(obj, models.Model) else None
        return access_of(request).may(self.area, organization_id)

    # --- Forms ------------------------------------------------------------------------------------

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """The form, bound to the organization of the row, or to the only one that there is."""
        tenant_id = self._tenant_of_form(request, obj)
        request.form_tenant_id = tenant_id  # type: ignore[attr-defined]  # read by ScopedFields
        form = super().get_form(request, obj, change, **kwargs)
        attributes = {"tenant_id": tenant_id, "organization_from": self.organization_from}
        return type(form.__name__, (form,), attributes)

    def _tenant_of_form(self, request: HttpRequest, obj: Any) -> UUID | None:
        if obj is not None:
            return organization_id_of(obj)
        only = access_of(request).only_organization
        return only.id if only else None

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The page's own, with the business on top for those who work for several."""
        fieldsets = list(super().get_fieldsets(request, obj))
        if self._asks_for_organization(request):
            return [(None, {"fields": ["organization"]}), *fieldsets]
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A row never moves to another business."""
        fields = super().get_readonly_fields(request, obj)
        if obj is not None and self._asks_for_organization(request):
            return [*fields, "organization"]
        return fields

    def _asks_for_organization(self, request: HttpRequest) -> bool:
        return (
            organization_lookup_of(self.model) == "organization_id"
            and self.organization_from is None
            and access_of(request).has_several
        )

    def get_list_display(self, request: HttpRequest) -> Any:
        """The page's own columns, and the business for those who see several."""
        columns = list(super().get_list_display(request))
        return [*columns, "organization"] if self._shows_organization(request) else columns

    def get_list_filter(self, request: HttpRequest) -> Any:
        """The page's own filters, and the business for those who see several."""
        filters = list(super().get_list_filter(request))
        return [("organization", OwnRowsFilter), *filters] if self._shows_organization(request) else filters

    def get_list_select_related(self, request: HttpRequest) -> Any:
        """What the columns need, in one query."""
        related = super().get_list_select_related(request)
        if self._shows_organization(request) and isinstance(related, list | tuple):
            return [*related, "organization"]
        return related

    def _shows_organization(self, request: HttpRequest) -> bool:
        return organization_lookup_of(self.model) == "organization_id" and access_of(request).has_several

    # --- History ----------------------------------------------------------------------------------

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Django's own history, and ours."""
        self._audit(request, obj, "added")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Django's own history, and ours, with the names of the changed fields."""
        if message:
            self._audit(request, obj, "changed", fields=changed_fields(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Django's own history, and ours."""
        for obj in queryset:
            self._audit(request, obj, "deleted")
        return super().log_deletions(request, queryset)

    def _audit(self, request: HttpRequest, obj: models.Model, verb: str, **new: Any) -> None:
        name = self.opts.label_lower
        audit.record(
            staff_actor(request, organization_id_of(obj)),
            f"{name}.{verb}",
            subject=audit.Subject(type=name, id=obj.pk),
            new={"name": str(obj), **new},
        )

    # --- Commands ---------------------------------------------------------------------------------

    def after_action(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Back to the page that a dialog was opened from."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{'change' if object_id else 'changelist'}"
        url = reverse(name, args=[object_id] if object_id else [])
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)

    def run_command(self, request: HttpRequest, run: Callable[[], str]) -> bool:
        """Run a command and say what it said; a refusal is said in its own words."""
        try:
            said = run()
        except DomainError as error:
            messages.error(request, error.detail)
            return False
        messages.success(request, said)
        return True


def changed_fields(message: Any) -> list[str]:
    """The labels of the fields that Django's change message names."""
    entries = json.loads(message) if isinstance(message, str) else message
    return sorted({name for entry in entries for name in entry.get("changed", {}).get("fields", [])})


class ReadOnlyTenantAdmin(TenantAdmin):
    """A page to look at: what changes these rows are commands, or time."""

    warn_unsaved_form = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class InlineOfTenant(ScopedFields):
    """Rows inside a page; who may edit the page may edit them."""

    extra = 0
    hide_title = True
    formfield_overrides: Any = TEXTS
    form: Any = TenantModelForm

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By membership."""
        return access_of(request).may(self.area)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By membership."""
        return access_of(request).may(self.area)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By membership."""
        return access_of(request).may(self.area)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By membership."""
        return access_of(request).may(self.area)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Only rows of one's own, whatever the page that they stand on."""
        return self.own_rows(request, super().get_queryset(request))  # type: ignore[misc]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Forms that refuse rows of another organization than the page's."""
        tenant_id = getattr(request, "form_tenant_id", None)
        kwargs["form"] = type("InlineForm", (self.form,), {"tenant_id": tenant_id})
        return super().get_formset(request, obj, **kwargs)  # type: ignore[misc]


class TenantTabularInline(InlineOfTenant, TabularInline):  # type: ignore[type-arg]  # of any model
    """One row a line."""


class TenantStackedInline(InlineOfTenant, StackedInline):  # type: ignore[type-arg]  # of any model
    """One row a block."""


class OwnRowsFilter(admin.RelatedFieldListFilter):
    """A filter by another row, offering one's own organizations' rows only."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """The choices; Django's own filter offers every tenant's."""
        target = field.remote_field.model
        access: Access = access_of(request)
        limits: dict[str, Any] = {}
        if not access.everywhere:
            limits = {f"{organization_lookup_of(target)}__in": access.organization_ids(model_admin.area)}
        return field.get_choices(include_blank=False, limit_choices_to=limits)
