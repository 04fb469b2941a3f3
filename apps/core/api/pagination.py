"""Lists a page at a time, by cursor: rows that come or go in between never repeat or hide others."""

from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.serializers import StrictSerializer
from apps.core.errors import InvalidInput

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200


class PageQuerySerializer(StrictSerializer):
    """What every list takes; a list with filters adds them."""

    cursor = serializers.CharField(
        required=False, max_length=500, help_text="From `next` or `previous` of the page before."
    )
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE
    )


class _Pages(CursorPagination):
    """DRF's cursors, but whoever changes one by hand hears so instead of meeting an error of ours."""

    def __init__(self, *, ordering: tuple[str, ...], rows_a_page: int) -> None:
        super().__init__()
        self.ordering = ordering
        self.rows_a_page = rows_a_page

    def get_page_size(self, request: Request) -> int:  # noqa: ARG002  (DRF's signature)
        """As the validated query has it."""
        return self.rows_a_page

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:  # noqa: ARG002
        """As the view has it."""
        return tuple(self.ordering)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """The rows of the page. Raises InvalidInput for a cursor that is none."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValidationError, ValueError, DataError) as error:
            raise InvalidInput(
                {"cursor": ["This is not a cursor of this list. Begin without one."]}
            ) from error


def paginated(
    request: Request,
    queryset: QuerySet[Any, Any],
    serializer: type[serializers.Serializer[Any]],
    *,
    ordering: tuple[str, ...] = ("id",),
    page_size: int = PAGE_SIZE,
) -> Response:
    """One page as `{results, next, previous}`. The ordering has to end with a unique field."""
    pages = _Pages(ordering=ordering, rows_a_page=page_size)
    rows: list[Model] = pages.paginate_queryset(queryset, request) or []
    return Response(
        {
            "results": serializer(rows, many=True).data,
            "next": pages.get_next_link(),
            "previous": pages.get_previous_link(),
        }
    )


@cache
def page_of(item: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """The shape of a page of these, for the OpenAPI document."""
    name = item.__name__.removesuffix("Serializer")
    fields = {
        "__doc__": f"A page of a list: {item.__doc__}",
        "results": item(many=True),
        "next": serializers.URLField(allow_null=True, help_text="The next page; null on the last one."),
        "previous": serializers.URLField(allow_null=True, help_text="The page before; null on the first."),
    }
    return type(f"{name}PageSerializer", (serializers.Serializer,), fields)
