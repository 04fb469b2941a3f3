"""What the editor's program reads and sends, as JSON, with the session of whoever is signed in."""

from typing import Any
from uuid import UUID

from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.backoffice.graph.steps import own_step
from apps.core.api.exceptions import NotAuthenticated
from apps.core.api.parsers import BoundedJSONParser
from apps.core.errors import InvalidInput
from apps.flows.commands.save_graph import save_graph
from apps.flows.editing.reading import graph_for_editing
from apps.flows.editing.shapes import parse_graph
from apps.organizations.models import User
from apps.organizations.staff import Area, access_of, staff_actor


class SignedOut(NotAuthenticated):
    """The session has ended: the page is still open, but nobody is signed in."""

    code = "SIGNED_OUT"
    default_detail = "You have been signed out. Sign in again in another tab, then go on here."


class GraphParser(BoundedJSONParser):
    """As everywhere, but a graph of 5,000 nodes may be sent."""

    max_bytes = 4 * 1024 * 1024


class MayEditFlows(BasePermission):
    """Who works with flows."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By membership. Raises SignedOut."""
        if not isinstance(request.user, User):
            raise SignedOut
        return access_of(request._request).may(Area.CATALOGUE)  # noqa: SLF001  (its cache is the request's)


@extend_schema(exclude=True)
class GraphData(APIView):
    """One step's graph."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [MayEditFlows]
    parser_classes = [GraphParser]

    def get(self, request: Request, step_id: UUID) -> Response:
        """The graph, and what can be chosen."""
        step = own_step(request._request, step_id)  # noqa: SLF001
        # The page's own token is of the session before, where somebody had to sign in again meanwhile.
        answer = {**graph_for_editing(step), "csrf_token": get_token(request._request)}  # noqa: SLF001
        return Response(answer, headers={"Cache-Control": "no-store"})

    def put(self, request: Request, step_id: UUID) -> Response:
        """Save all of it."""
        step = own_step(request._request, step_id)  # noqa: SLF001
        expected, graph = _sent(request.data)
        saved = save_graph(
            actor=staff_actor(request._request, step.flow.organization_id),  # noqa: SLF001
            step_id=step.id,
            graph=parse_graph(graph),
            expected_version=expected,
        )
        return Response({"version": saved.version, "changed": saved.counts})


def _sent(data: Any) -> tuple[int, Any]:
    if not isinstance(data, dict) or set(data) != {"graph", "expected_version"}:
        raise InvalidInput({"body": ["Send `graph` and `expected_version`."]})
    expected = data["expected_version"]
    if not isinstance(expected, int) or isinstance(expected, bool):
        raise InvalidInput({"expected_version": ["This is a number: the `version` that was read."]})
    return expected, data["graph"]
