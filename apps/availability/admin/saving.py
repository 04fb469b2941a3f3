"""Forms that save by one command: its own transaction, its own checks, its own words.

Django's form pages run inside a transaction, in which a durable command can't begin. Here the page calls the
command outside of any. What it refuses is said beside the field, with everything that was typed; and where
saving has consequences, the page says which before it does anything.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.availability.hours.preview_words import PreviewWords
from apps.core.actors import Actor
from apps.core.errors import DomainError, InvalidInput, NotFound, StaleVersion
from apps.core.versions import version_of
from apps.organizations.staff import Area, staff_actor
from apps.organizations.tenant_admin import TenantAdmin, TenantModelForm, is_new

LOOKED = "looked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What saving would mean: sentences, and what becomes of the bookable times."""

    sentences: Sequence[str] = ()
    preview: PreviewWords | None = None

    def __bool__(self) -> bool:
        return bool(self.sentences) or (self.preview is not None and self.preview.changes_something)


class LookFirst(Exception):
    """Nothing was saved: the person has not seen yet what it would mean."""

    def __init__(self, consequences: Consequences) -> None:
        super().__init__("look first")
        self.consequences = consequences


class SeenVersionField(forms.IntegerField):
    """Which version of the row the form shows; hidden, and never a change by itself."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Never."""
        return False


class CommandForm(TenantModelForm):
    """A form whose values one command saves; what the command refuses is said by the form."""

    seen_version = SeenVersionField(required=False)
    # What the last attempt to save was refused for, and whether this one only shows the consequences.
    refusal: ClassVar[DomainError | None] = None
    only_looking: ClassVar[bool] = False
    # Refusals by code, and the field that they are about.
    field_of_code: ClassVar[Mapping[str, str]] = {}

    def is_valid(self) -> bool:
        """Not while the person looks: then the page shows the form again instead of saving it."""
        return super().is_valid() and not self.only_looking

    def _update_errors(self, errors: ValidationError) -> None:
        """What each field may be is checked here; what rests on other rows the command decides, locked."""
        by_field = {name: said for name, said in errors.error_dict.items() if name != NON_FIELD_ERRORS}
        if by_field:
            super()._update_errors(ValidationError(by_field))  # type: ignore[misc]  # Django's own hook

    def _post_clean(self) -> None:
        super()._post_clean()
        if isinstance(self.refusal, StaleVersion):
            self.add_error(None, self._stale_in_words())
        elif isinstance(self.refusal, InvalidInput):
            for name, sentences in self.refusal.data["errors"].items():
                for sentence in sentences:
                    self._refuse(name.removesuffix("_id"), sentence)
        elif self.refusal is not None:
            self._refuse(self.field_of_code.get(self.refusal.code, ""), self.refusal.detail)

    def _refuse(self, field: str, sentence: str) -> None:
        self.add_error(field if field in self.fields else None, sentence)

    def _stale_in_words(self) -> str:
        """What they have now, and that nothing typed is lost."""
        differs = [name for name in self.changed_data if not isinstance(self.fields[name], forms.FileField)]
        theirs = "; ".join(f"{self[name].label}: {self._theirs(name)}" for name in differs)
        said = f"They have now – {theirs}." if theirs else "It says what you typed."
        return (
            f"Somebody else changed this meanwhile. {said} What you typed is still below: "
            "save again to put it in place of theirs."
        )

    def _theirs(self, name: str) -> str:
        value = self.initial.get(name)
        choices = dict(getattr(self.fields[name], "choices", ()))
        values = value if isinstance(value, list | tuple) else [value]
        words = [str(choices.get(one, one)) for one in values if one not in (None, "")]
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"“{', '.join(words)}”" if words else "empty"

    def version_to_send(self) -> Any:
        """What the next attempt to save is based on: what is shown now, also after a refusal for that."""
        if self.is_bound and not isinstance(self.refusal, StaleVersion):
            return self.data.get("seen_version", "")
        return "" if is_new(self.instance) else version_of(self.instance)

    def digest(self) -> str:
        """Of what was typed: a look at the consequences is good for exactly this."""
        names = sorted(set(self.data) & {self.add_prefix(name) for name in self.fields} - {"seen_version"})
        typed = [(name, getattr(self.data, "getlist", self.data.get)(name)) for name in names]
        return hashlib.sha256(repr(typed).encode()).hexdigest()

    def was_looked_at(self) -> bool:
        """Whether the person has seen what saving exactly this would do."""
        return bool(self.data.get(LOOKED) == self.digest())


class OutsideTransactions(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Django's pages for one row, without the transaction that it opens around them."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """As Django's, but commands can run in it."""
        page = self._changeform_view  # type: ignore[attr-defined]  # not in the stubs
        return page(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """As Django's, but commands can run in it."""
        page = self._delete_view  # type: ignore[attr-defined]  # not in the stubs
        return page(request, object_id, extra_context)


class CommandAdmin(TenantAdmin, OutsideTransactions):
    """A page of the rota whose rows are written by commands alone. Subclasses say by which."""

    area = Area.ROTA
    change_form_before_template = "backoffice/saving.html"

    class Media:
        css: ClassVar = {"all": ["backoffice/rota.css"]}

    # --- What subclasses say ----------------------------------------------------------------------

    def save_by_command(self, actor: Actor, obj: Any, form: Any, *, change: bool) -> tuple[UUID, str]:
        """Save what the form says by one command: the row's id, and what there is to say beyond that.

        Call `look_first` before it. Raises DomainError, LookFirst.
        """
        raise NotImplementedError

    def remove_by_command(self, actor: Actor, obj: Any) -> str:
        """Remove a row by one command, and say what happened. Raises DomainError."""
        raise NotImplementedError

    def look_first(self, form: CommandForm, consequences: Consequences) -> None:
        """Raise LookFirst where saving means something that the person has not been shown."""
        if consequences and not form.was_looked_at():
            raise LookFirst(consequences)

    # --- Saving -----------------------------------------------------------------------------------

    def _changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> Any:
        """Once; and where nothing was saved, once more to say why, with everything that was typed."""
        context = extra_context or {}
        page = super()._changeform_view  # type: ignore[misc]  # not in the stubs
        try:
            return page(request, object_id, form_url, context)
        except LookFirst as look:
            request.only_looking = True  # type: ignore[attr-defined]  # read by get_form
            context = {**context, "consequences": look.consequences, "preview": look.consequences.preview}
        except DomainError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]  # read by get_form
        return page(request, object_id, form_url, context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, which knows what became of the first attempt of this request."""
        form = super().get_form(request, obj, change, **kwargs)
        attributes = {
            "refusal": getattr(request, "refusal", None),
            "only_looking": getattr(request, "only_looking", False),
        }
        return type(form.__name__, (form,), attributes)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """By command. The row on the page becomes the one that was saved."""
        actor = staff_actor(request, obj.organization_id)
        obj.pk, said = self.save_by_command(actor, obj, form, change=change)
        obj.refresh_from_db()
        if said:
            messages.success(request, said)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """A refusal is said on the list."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as refusal:
            messages.error(request, refusal.detail)
            return self._to_the_list()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """By command."""
        messages.success(request, self.remove_by_command(staff_actor(request, obj.organization_id), obj))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """One command each; what somebody else has removed meanwhile is gone already."""
        for row in queryset:
            try:
                self.remove_by_command(staff_actor(request, row.organization_id), row)
            except NotFound:
                continue

    def _to_the_list(self) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _audit(self, request: HttpRequest, obj: Model, verb: str, **new: Any) -> None:
        """The command has written it already."""
