"""What importing asks: which file, whose flow it becomes, which locations it means."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from apps.organizations.models import Organization

# What a form may send at once, with room for the rest of it; larger files go by manage.py import_flow.
MAX_UPLOAD = 2_000_000


class FileForm(forms.Form):
    """A file, or the text of one that was looked at before."""

    file = forms.FileField(
        label="File",
        required=False,
        help_text="A flow that was exported here or elsewhere. It ends in .json.",
        widget=forms.ClearableFileInput(attrs={"class": "bo-input", "accept": ".json,application/json"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    organization = forms.ChoiceField(
        label="Whose flow it becomes", widget=forms.Select(attrs={"class": "bo-input"})
    )

    def __init__(self, *args: Any, owners: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {str(owner.id): owner for owner in owners}
        self.fields["organization"].choices = [(key, owner.name) for key, owner in self.owners.items()]  # type: ignore[attr-defined]  # a choice field
        if len(owners) == 1:
            self.fields["organization"].required = False

    def clean(self) -> dict[str, Any]:
        """The bytes as `raw`, and the organization itself."""
        cleaned = super().clean() or {}
        upload, text = cleaned.get("file"), cleaned.get("text")
        if upload is None and not text and "file" not in self.errors:
            self.add_error("file", "Choose a file.")
        elif upload is not None and upload.size > MAX_UPLOAD:
            self.add_error("file", "This file is larger than 2 MB. Ask your administrator to import it.")
        else:
            cleaned["raw"] = upload.read() if upload is not None else str(text).encode()
        only = next(iter(self.owners)) if len(self.owners) == 1 else ""
        cleaned["organization"] = self.owners.get(cleaned.get("organization") or only)
        return cleaned


class LocationsForm(forms.Form):
    """For each location of the file that is not here by its name: which of ours is meant."""

    def __init__(
        self,
        data: Any = None,
        *,
        names: Sequence[str],
        locations: Mapping[UUID, str],
    ) -> None:
        super().__init__(data)
        self.names = {f"location_{index}": name for index, name in enumerate(names)}
        choices = [("", "Choose"), *((str(key), name) for key, name in locations.items())]
        for field, name in self.names.items():
            self.fields[field] = forms.ChoiceField(
                label=f"“{name}” in the file is",
                choices=choices,
                widget=forms.Select(attrs={"class": "bo-input"}),
                error_messages={"required": "Choose the location that is meant."},
            )

    def chosen(self) -> dict[str, UUID]:
        """Location ids by the names of the file."""
        return {name: UUID(self.cleaned_data[field]) for field, name in self.names.items()}
