"""Headers of the reads, as the OpenAPI document describes them."""

from drf_spectacular.utils import OpenApiParameter

from apps.availability.offering.exposure import CONTROL, VARIANTS

VISITOR = OpenApiParameter(
    name="X-Session-Token",
    location=OpenApiParameter.HEADER,
    required=False,
    type=str,
    description="Who looks: the same visitor is shown the same times. Without it, the address counts.",
)
EXPOSURE_VARIANT = OpenApiParameter(
    name="X-Exposure-Variant",
    location=OpenApiParameter.HEADER,
    required=False,
    type=str,
    description=(
        f"The rule of exposure: {', '.join(VARIANTS)}. Any other means {CONTROL.name}; the answer's header "
        "of the same name says which was used."
    ),
)
