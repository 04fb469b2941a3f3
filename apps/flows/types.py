"""Shapes of a step's `type_config`, one per step type, as staff write it (seed 000 §4.2.2)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
ZipCode = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_upper=True,
        min_length=2,
        max_length=12,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]*$",
    ),
]
FieldKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Presence = Literal["required", "optional", "hidden"]


class Shape(BaseModel):
    """Immutable, and refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ZipArea(Shape):
    """The zip codes that one location serves. The location is a plain id: it lives in a higher layer."""

    location_id: UUID
    location_name: Words
    zip_codes: list[ZipCode] = Field(min_length=1, max_length=5000)


class ZipcodeConfig(Shape):
    """Where the business comes to."""

    areas: list[ZipArea] = Field(min_length=1, max_length=200)
    outside_message: LongText = ""

    @model_validator(mode="after")
    def _one_area_per_zip_code(self) -> "ZipcodeConfig":
        owners: dict[str, ZipArea] = {}
        for area in self.areas:
            for zip_code in area.zip_codes:
                owner = owners.setdefault(zip_code, area)
                if owner is not area:
                    raise ValueError(
                        f"{zip_code} belongs to both {owner.location_name} and {area.location_name}: "
                        "choose one of them"
                    )
        return self


class ServiceSelectionConfig(Shape):
    """Whether a visit may be for several services. The graph is rows, resolved when the flow is published."""

    allow_several: bool = False


class DetailOption(Shape):
    """One choice of a select field."""

    value: FieldKey
    label: Words


class DetailField(Shape):
    """One thing to ask about the visit."""

    key: FieldKey
    label: Words
    help_text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    kind: Literal["text", "textarea", "select", "checkbox"] = "text"
    required: bool = False
    max_length: Annotated[int, Field(ge=1, le=4000)] = 500
    options: list[DetailOption] = Field(default_factory=list, max_length=50)

    @model_validator(mode="after")
    def _options_belong_to_selects(self) -> "DetailField":
        if (self.kind == "select") != bool(self.options):
            raise ValueError(f"“{self.label}”: a select needs options, and nothing else has any")
        _no_repeats([option.value for option in self.options], "option")
        return self


class DetailsConfig(Shape):
    """What to ask about the visit, in this order."""

    fields_: list[DetailField] = Field(default_factory=list, max_length=30, alias="fields")

    @model_validator(mode="after")
    def _keys_are_unique(self) -> "DetailsConfig":
        _no_repeats([item.key for item in self.fields_], "field")
        return self


class TimeslotConfig(Shape):
    """How a time is chosen, and where, in a flow that does not ask for a zip code."""

    allow_resource_choice: bool = False
    location_id: UUID | None = None
    location_name: str = ""


class CustomerFields(Shape):
    """Name and phone are always asked for; these two are up to the business."""

    email: Presence = "optional"
    address: Presence = "optional"


class CustomerConfig(Shape):
    """What to ask about the customer, and the consent that they give by going on."""

    fields_: CustomerFields = Field(default_factory=CustomerFields, alias="fields")
    consent_text: LongText = ""


class SummaryConfig(Shape):
    """What stands below the summary, and on its button (null: the widget's own word)."""

    policy_text: LongText = ""
    confirm_label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None


StepConfig = (
    ZipcodeConfig | ServiceSelectionConfig | DetailsConfig | TimeslotConfig | CustomerConfig | SummaryConfig
)

CONFIG_BY_STEP_TYPE: dict[str, type[StepConfig]] = {
    "zipcode": ZipcodeConfig,
    "service_selection": ServiceSelectionConfig,
    "details": DetailsConfig,
    "timeslot": TimeslotConfig,
    "customer": CustomerConfig,
    "summary": SummaryConfig,
}


def parse_step_config(step_type: str, data: Any) -> StepConfig:
    """A step's `type_config`, typed, with its defaults filled in. Raises pydantic's ValidationError."""
    return CONFIG_BY_STEP_TYPE[step_type].model_validate(data)


def dump_step_config(config: StepConfig) -> dict[str, Any]:
    """The config as the API sends it: JSON types only, every field present."""
    return config.model_dump(mode="json", by_alias=True)


def _no_repeats(keys: list[str], what: str) -> None:
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise ValueError(f"the {what} “{repeated[0]}” stands there twice")
