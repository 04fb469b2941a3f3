"""How views describe themselves in the OpenAPI document."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from apps.core.api.serializers import ProblemSerializer

IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    type=str,
    description="A new UUID for each thing that you want done once. A retry with it gets the same answer.",
)
SESSION_TOKEN = OpenApiParameter(
    name="X-Session-Token",
    location=OpenApiParameter.HEADER,
    required=True,
    type=str,
    description="The token that POST /v1/sessions gave you.",
)
MUTATION_HEADERS = [IDEMPOTENCY_KEY, SESSION_TOKEN]

_MEANINGS = {
    400: "The request can't be read, or values need another look.",
    401: "The key or token is missing, not valid, or past its time.",
    403: "This site may not use the key, or your role may not do this.",
    404: "Nothing here by that id.",
    409: "Somebody was quicker, or the state does not allow it.",
    410: "The hold has ended.",
    413: "The body is too large.",
    415: "Send application/json.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too fast.",
}


def problems(*statuses: int) -> dict[Any, OpenApiResponse]:
    """These statuses answer with problem details."""
    return {
        (status, "application/problem+json"): OpenApiResponse(
            ProblemSerializer, description=_MEANINGS[status]
        )
        for status in statuses
    }


def add_rate_limits(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """drf-spectacular's hook: every operation of the public API may be refused for coming too fast."""
    seconds = {"schema": {"type": "integer", "minimum": 0}}
    told = {
        "RateLimit-Limit": {**seconds, "description": "How many requests of this kind fit into a window."},
        "RateLimit-Remaining": {**seconds, "description": "How many are left."},
        "RateLimit-Reset": {**seconds, "description": "In how many seconds the oldest one no longer counts."},
    }
    refusal = {
        "description": _MEANINGS[429],
        "headers": {"Retry-After": {**seconds, "description": "Seconds to wait."}, **told},
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path, operations in result["paths"].items():
        if path.startswith("/v1/"):
            for operation in operations.values():
                operation["responses"].setdefault("429", refusal)
    return result
