"""The small types that contexts, events and states are made of. All of them are bounded."""

from typing import Annotated, Any, Literal, NoReturn

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


class Shape(BaseModel):
    """Immutable, and refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _iso_in_our_century(value: Any) -> Any:
    """Let only ISO 8601 text through: pydantic would also read a bare number as seconds since 1970."""
    if not isinstance(value, str):
        return value if hasattr(value, "tzinfo") else _refuse_time()
    year = value[:4]
    if not (year.isascii() and year.isdigit() and EARLIEST_YEAR <= int(year) <= LATEST_YEAR):
        _refuse_time()
    return value if "T" in value.upper() else _refuse_time()


def _refuse_time() -> NoReturn:
    raise ValueError("write a time as in 2026-12-01T09:30:00Z")


# A moment with its offset. No clock that a visitor carries is right by centuries, and PostgreSQL and Python
# disagree about the years past 9999.
Moment = Annotated[AwareDatetime, BeforeValidator(_iso_in_our_century)]

# A field's or rule's own name, as the flow's author wrote it; never what somebody typed into the field.
FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.\-]{0,63}$")]
StepKind = Literal["zipcode", "service_selection", "details", "timeslot", "customer", "summary"]
Direction = Literal["forward", "back"]
AbandonReason = Literal["closed", "timeout", "navigated_away"]
