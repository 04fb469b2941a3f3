"""Shapes of a step's `type_config`, one per step type, as staff write it (seed 000 §4.2.2)."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_serializer,
    model_validator,
)

from apps.flows.zips import Coverage, overlaps

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
ZipPrefix = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{1,10}$")]
ZipDigits = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,12}$")]
ZipRange = tuple[ZipDigits, ZipDigits]
FieldKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Presence = Literal["required", "optional", "hidden"]


class Shape(BaseModel):
    """Immutable, and refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OnlyWhatIsSaid(Shape):
    """Leaves out what came to the shape later and is not used: what was published before stays as it is."""

    @model_serializer(mode="wrap")
    def _without_unused(self, dump: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        unused = {name for name in self._later() if not getattr(self, name)}
        return {name: value for name, value in dump(self).items() if name not in unused}

    def _later(self) -> tuple[str, ...]:
        return ()


class ZipArea(OnlyWhatIsSaid):
    """The zip codes that one location serves: listed, by the way they begin, and from one to another.

    The location is a plain id: it lives in a higher layer.
    """

    location_id: UUID
    location_name: Words
    zip_codes: list[ZipCode] = Field(default_factory=list, max_length=10_000)
    zip_prefixes: list[ZipPrefix] = Field(default_factory=list, max_length=2_000)
    zip_ranges: list[ZipRange] = Field(default_factory=list, max_length=5_000)

    @model_validator(mode="after")
    def _serves_something(self) -> "ZipArea":
        if not self.coverage():
            raise ValueError(f"{self.location_name} serves no zip code: write some, or take the location out")
        for first, last in self.zip_ranges:
            if len(first) != len(last) or first > last:
                raise ValueError(f"{first}-{last} is no range: both have as many digits, the smaller first")
        return self

    def coverage(self) -> Coverage:
        """The codes, as the matcher takes them."""
        return Coverage(tuple(self.zip_codes), tuple(self.zip_prefixes), tuple(self.zip_ranges))

    def _later(self) -> tuple[str, ...]:
        return ("zip_prefixes", "zip_ranges")


class ZipcodeConfig(OnlyWhatIsSaid):
    """Where the business comes to. `code_length` is how many characters a whole code has."""

    areas: list[ZipArea] = Field(default_factory=list, max_length=200)
    outside_message: LongText = ""
    code_length: Annotated[int, Field(ge=3, le=10)] | None = None

    @model_validator(mode="after")
    def _comes_somewhere(self) -> "ZipcodeConfig":
        if not self.areas:
            raise ValueError("there is no zip code yet: choose a location and say which codes it serves")
        return self

    @model_validator(mode="after")
    def _one_area_per_zip_code(self) -> "ZipcodeConfig":
        for overlap in overlaps([area.coverage() for area in self.areas], self.code_length):
            first, second = self.areas[overlap.first], self.areas[overlap.second]
            raise ValueError(
                f"{overlap.code} belongs to both {first.location_name} and {second.location_name}: "
                "choose one of them"
            )
        return self

    def _later(self) -> tuple[str, ...]:
        return ("code_length",)


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
    kind: Literal["text", "textarea", "number", "select", "yes_no", "checkbox"] = "text"
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


def problems_in_words(error: ValidationError) -> list[str]:
    """What is wrong with a config, one sentence each; our own sentences stand for themselves."""
    found = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        words = problem["msg"].removeprefix("Value error, ")
        place = ".".join(str(part) for part in problem["loc"])
        own = problem["type"] == "value_error" or not place
        found.append(f"{words[:1].upper()}{words[1:]}." if own else f"{place}: {words}.")
    return found


def _no_repeats(keys: list[str], what: str) -> None:
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise ValueError(f"the {what} “{repeated[0]}” stands there twice")
