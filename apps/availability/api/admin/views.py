"""What the staff's views share."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from rest_framework import serializers, status
from rest_framework.request import Request

from apps.core.actors import Actor
from apps.core.api.idempotent import answer_once
from apps.core.api.schema import problems
from apps.core.api.serializers import to_json
from apps.core.errors import StaleVersion
from apps.core.idempotency import Answer
from apps.organizations.api.permissions import StaffView
from apps.organizations.api.staff_authentication import staff_of

TAG = ["admin"]
READS = problems(400, 401, 403)
READS_ONE = problems(401, 403, 404)
WRITES = problems(400, 401, 403, 404, 409, 413, 415, 422)


class PlacesView(StaffView):
    """Reads its query and its body strictly, and runs a mutation once per key."""

    def query(self, request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The validated query. Raises ValidationError."""
        return self._validated(request, shape, request.query_params.dict())

    def body(self, request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The validated body. Raises ValidationError."""
        return self._validated(request, shape, request.data)

    def _validated(
        self, request: Request, shape: type[serializers.Serializer[Any]], data: Any
    ) -> dict[str, Any]:
        serializer = shape(data=data, context={"country": staff_of(request).organization.country})
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def once(
        self,
        request: Request,
        endpoint: str,
        command: Callable[[Actor], Any],
        shape: type[serializers.Serializer[Any]] | None = None,
        *,
        code: int = status.HTTP_200_OK,
        current: Callable[[], Any] | None = None,
    ) -> HttpResponse:
        """Run one command as the caller and answer in a shape; without one, with nothing (204).

        `current` reads what a stale change was about, as its serializer's data.
        """
        actor = staff_of(request).actor

        def operation() -> Answer:
            result = command(actor)
            if shape is None:
                return Answer(status.HTTP_204_NO_CONTENT, "")
            return Answer(code, to_json(shape(result)))

        try:
            return answer_once(
                request,
                actor=actor,
                endpoint=f"admin/{request.method} {endpoint}",
                payload=request.data,
                operation=operation,
            )
        except StaleVersion as error:
            if current is not None:
                error.data["current"] = current()
            raise
