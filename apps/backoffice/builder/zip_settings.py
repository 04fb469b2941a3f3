"""Where a business comes to: the zip codes of each location, written or uploaded as a list."""

from collections.abc import Mapping
from typing import Any

from django import forms

from apps.backoffice.builder.settings import Json, StepSettings, Surroundings, long_text
from apps.backoffice.rota.forms import CalmForm
from apps.backoffice.rows import RowsField
from apps.flows.zip_lists import MAX_UPLOAD_BYTES, Reading, in_text, read
from apps.flows.zips import Coverage


class AreaRow(CalmForm):
    """One location and the zip codes that it serves."""

    location = forms.ChoiceField()
    zip_codes = forms.CharField(
        label="Zip codes",
        max_length=MAX_UPLOAD_BYTES,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "placeholder": "80202-80211, 803*, 80401",
                "data-bo-zips": "",
                "spellcheck": "false",
            }
        ),
        help_text="One by one, from one to another (80202-80211), or all that begin so (802*).",
    )

    def __init__(
        self, *args: Any, locations: Mapping[str, str], zip_length: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zip_length = zip_length
        self.fields["location"].choices = [("", "Choose a location"), *locations.items()]  # type: ignore[attr-defined]  # a choice field

    def clean_zip_codes(self) -> Coverage:
        """The codes, each once, neighbours as ranges."""
        reading = read(self.cleaned_data["zip_codes"], length=self.zip_length)
        if reading.problems:
            raise forms.ValidationError(problems_in_words(reading))
        if not reading.coverage:
            raise forms.ValidationError("Write at least one zip code.")
        return reading.coverage


def problems_in_words(reading: Reading) -> list[str]:
    """What was not understood, by line."""
    found = [f"Line {problem.line}: {problem.message}" for problem in reading.problems]
    return [*found, f"And {reading.more_problems} more."] if reading.more_problems else found


def coverage_of(area: Json) -> Coverage:
    """A stored area's codes."""
    return Coverage(
        tuple(area.get("zip_codes", [])),
        tuple(area.get("zip_prefixes", [])),
        tuple((first, last) for first, last in area.get("zip_ranges", [])),
    )


class ZipcodeSettings(StepSettings):
    """Where the business comes to."""

    main_field = "areas"

    def fields(self, around: Surroundings) -> dict[str, forms.Field]:
        """Areas as rows."""
        return {
            "areas": RowsField(
                AreaRow,
                label="Where you come to",
                add_label="Add a location",
                row_template="backoffice/builder/area_row.html",
                form_kwargs={"locations": around.locations, "zip_length": around.zip_length},
            ),
            "outside_message": long_text(
                "What others read", "Shown to customers outside these zip codes, with your phone number."
            ),
        }

    def initial(self, config: Json) -> Json:
        """Codes as one text."""
        return {
            "areas": [
                {"location": area["location_id"], "zip_codes": in_text(coverage_of(area))}
                for area in config.get("areas", [])
            ],
            "outside_message": config.get("outside_message", ""),
        }

    def config(self, cleaned: Json, before: Json, around: Surroundings) -> Json:
        """One area a location, whatever the number of rows."""
        texts: dict[str, list[str]] = {}
        for row in cleaned.get("areas") or []:
            texts.setdefault(row["location"], []).append(in_text(row["zip_codes"]))
        areas, begins = [], False
        for location_id, parts in texts.items():
            coverage = read("\n".join(parts), length=around.zip_length).coverage
            begins = begins or bool(coverage.prefixes)
            areas.append(
                {
                    "location_id": location_id,
                    "location_name": around.locations[location_id],
                    "zip_codes": list(coverage.codes),
                    "zip_prefixes": list(coverage.prefixes),
                    "zip_ranges": [list(pair) for pair in coverage.ranges],
                }
            )
        return {
            "areas": areas,
            "outside_message": cleaned.get("outside_message", ""),
            "code_length": around.zip_length if begins else None,
        }
