"""A form field that is a list of small forms: rows to add to and to take away from."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

REMOVED = "DELETE"
PLACE = "ORDER"
MAX_ROWS = 500
TEMPLATE_PREFIX = "__row__"


class RowsWidget(forms.Widget):
    """Renders one small form a row, and an empty one to copy."""

    template_name = "backoffice/rows.html"

    def __init__(
        self,
        row_form: type[forms.Form],
        *,
        add_label: str,
        row_template: str,
        sortable: bool,
        form_kwargs: Mapping[str, Any] | None,
    ) -> None:
        super().__init__()
        self.row_form = row_form
        self.add_label = add_label
        self.row_template = row_template
        self.sortable = sortable
        self.form_kwargs = dict(form_kwargs or {})

    def rows_of(self, name: str, data: Mapping[str, Any]) -> list[forms.Form]:
        """The bound forms of the rows that were sent, without the removed and the untouched ones."""
        try:
            total = min(int(data.get(f"{name}-rows") or 0), MAX_ROWS)
        except ValueError:
            total = 0
        forms_sent = [
            self.row_form(
                data,
                prefix=f"{name}-{index}",
                empty_permitted=True,
                use_required_attribute=False,
                **self.form_kwargs,
            )
            for index in sorted(range(total), key=lambda index: self._place(data, f"{name}-{index}"))
            if not data.get(f"{name}-{index}-{REMOVED}")
        ]
        return [form for form in forms_sent if form.has_changed()]

    def _place(self, data: Mapping[str, Any], prefix: str) -> int:
        """Where a row stands: as it was dragged, else as it was made."""
        place = str(data.get(f"{prefix}-{PLACE}") or "")
        return int(place) if self.sortable and place.isdecimal() else int(prefix.rsplit("-", 1)[-1])

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Bound forms: the field validates them."""
        return self.rows_of(name, data)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the page had no such rows at all."""
        return f"{name}-rows" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The rows with their errors, and a template row."""
        rows = [
            row
            if isinstance(row, forms.Form)
            else self.row_form(
                initial=row, prefix=f"{name}-{index}", use_required_attribute=False, **self.form_kwargs
            )
            for index, row in enumerate(value or [])
        ]
        empty = self.row_form(
            prefix=f"{name}-{TEMPLATE_PREFIX}", use_required_attribute=False, **self.form_kwargs
        )
        context = {
            "name": name,
            "rows": rows,
            "empty": empty,
            "add_label": self.add_label,
            "row_template": self.row_template,
            "sortable": self.sortable,
            "next_index": self._next_index(rows),
        }
        return SafeString(render_to_string(self.template_name, context))

    def _next_index(self, rows: list[forms.Form]) -> int:
        indexes = [int((row.prefix or "-0").rsplit("-", 1)[-1]) for row in rows]
        return max(indexes, default=-1) + 1


class RowsField(forms.Field):
    """A list of dictionaries, one a row, each checked by its own small form."""

    def __init__(
        self,
        row_form: type[forms.Form],
        *,
        add_label: str,
        row_template: str = "backoffice/row.html",
        sortable: bool = False,
        form_kwargs: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        widget = RowsWidget(
            row_form,
            add_label=add_label,
            row_template=row_template,
            sortable=sortable,
            form_kwargs=form_kwargs,
        )
        super().__init__(widget=widget, required=False, **kwargs)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """The rows' cleaned data. Raises ValidationError if any row has an error of its own."""
        rows: list[forms.Form] = value or []
        problems: list[ErrorDict] = [row.errors for row in rows if not row.is_valid()]
        if problems:
            raise forms.ValidationError("Some rows need another look.")
        return [row.cleaned_data for row in rows]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared by what the rows say."""
        rows: list[forms.Form] = data or []
        before = [{key: str(val) for key, val in row.items()} for row in initial or []]
        after = [{name: str(row[name].value() or "") for name in row.fields} for row in rows]
        return before != after
