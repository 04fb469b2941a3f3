"""Shapes of the JSON that content rows carry."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class NativeVendorData(BaseModel):
    """Our own engine needs nothing beside the service itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ServiceTitanVendorData(BaseModel):
    """What ServiceTitan wants with a job, beside its type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    business_unit_id: Annotated[int, Field(ge=1)] | None = None
    campaign_id: Annotated[int, Field(ge=1)] | None = None
    priority: Literal["Low", "Normal", "High", "Urgent"] = "Normal"
    tag_type_ids: list[Annotated[int, Field(ge=1)]] = Field(default_factory=list, max_length=50)


VendorData = NativeVendorData | ServiceTitanVendorData

_BY_VENDOR: dict[str, type[VendorData]] = {
    "native": NativeVendorData,
    "servicetitan": ServiceTitanVendorData,
}


def parse_vendor_data(vendor_type: str, data: Any) -> VendorData:
    """The vendor's data, typed. Raises pydantic's ValidationError; `vendor_type` must be known."""
    return _BY_VENDOR[vendor_type].model_validate(data)


def in_words(error: ValidationError) -> list[str]:
    """Pydantic's complaints, one sentence each, with the place: “tags.0: Input should be a valid integer.”"""
    return [
        f"{'.'.join(str(part) for part in problem['loc']) or 'value'}: "
        f"{problem['msg'].removeprefix('Value error, ')}."
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]
