"""What a business wants to know about a visit: its questions, in their order, with keys that stay."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from django import forms

from apps.backoffice.builder.settings import Json, StepSettings, Surroundings
from apps.backoffice.rota.forms import CalmForm
from apps.backoffice.rows import RowsField

KINDS = [
    ("text", "A line of text"),
    ("textarea", "Several lines of text"),
    ("select", "One of a list"),
    ("yes_no", "Yes or no"),
    ("number", "A number"),
    ("checkbox", "A box to tick"),
]
WRITTEN = ("text", "textarea")
LONGEST = 500


def key_of(label: str, taken: Sequence[str] = ()) -> str:
    """A short ASCII key from a label, such as `model_number`; numbered if it is taken."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:36]
    base = base if base[:1].isalpha() else f"f_{base}".rstrip("_")
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


class DetailRow(CalmForm):
    """One thing to ask about the visit."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(max_length=120, label="Question")
    kind = forms.ChoiceField(choices=KINDS, label="Answer")
    help_text = forms.CharField(max_length=300, required=False, label="Hint below it")
    options = forms.CharField(
        required=False,
        label="Choices",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One choice a line.",
    )
    max_length = forms.IntegerField(
        min_value=1,
        max_value=4000,
        initial=LONGEST,
        required=False,
        label="Longest answer, in characters",
        help_text="Customers see a count when they come near it.",
    )
    required = forms.BooleanField(required=False, label="Must be answered")

    def clean(self) -> Json:
        """A list has choices, nothing else has any; only what is written has a length."""
        cleaned: Json = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        lines = [line.strip() for line in (cleaned.get("options") or "").splitlines() if line.strip()]
        lines = list(dict.fromkeys(lines))
        if kind == "select" and not lines:
            self.add_error("options", "Write the choices, one a line.")
        cleaned["options"] = lines if kind == "select" else []
        cleaned["max_length"] = (cleaned.get("max_length") if kind in WRITTEN else None) or LONGEST
        return cleaned


class DetailsSettings(StepSettings):
    """What to ask about the visit."""

    main_field = "fields"

    def fields(self, around: Surroundings) -> dict[str, forms.Field]:
        """Questions as rows."""
        return {
            "fields": RowsField(
                DetailRow,
                label="What you ask",
                add_label="Add a question",
                row_template="backoffice/builder/detail_row.html",
                sortable=True,
                help_text="Photos cannot be asked for: customers cannot send any yet.",
            )
        }

    def initial(self, config: Json) -> Json:
        """Choices one a line."""
        return {
            "fields": [
                {**field, "options": "\n".join(option["label"] for option in field.get("options", []))}
                for field in config.get("fields", [])
            ]
        }

    def config(self, cleaned: Json, before: Json, around: Surroundings) -> Json:
        """Keys stay what they were: bookings are answered by them."""
        known = {
            field["key"]: {option["label"]: option["value"] for option in field.get("options", [])}
            for field in before.get("fields", [])
        }
        made: list[Json] = []
        for row in cleaned.get("fields") or []:
            taken = [field["key"] for field in made]
            own = row["key"] if row["key"] in known and row["key"] not in taken else ""
            key = own or key_of(row["label"], [*taken, *known])
            made.append({**row, "key": key, "options": self._options(row["options"], known.get(key, {}))})
        return {"fields": made}

    def _options(self, labels: Sequence[str], known: Mapping[str, str]) -> list[Json]:
        options: list[Json] = []
        for label in labels:
            taken = [*known.values(), *(option["value"] for option in options)]
            options.append({"value": known.get(label) or key_of(label, taken), "label": label})
        return options
