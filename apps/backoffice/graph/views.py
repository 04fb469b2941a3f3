"""The page around the editor."""

from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.backoffice.graph.steps import own_step
from apps.backoffice.graph_outline import outline_of
from apps.core.errors import NotFound
from apps.core.icons import icons_version


def flow_graph(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """The canvas; without a script, the outline."""
    try:
        step = own_step(request, step_id)
    except NotFound as error:
        raise Http404(error.detail) from error
    return TemplateResponse(
        request,
        "backoffice/graph/editor.html",
        {
            **admin.site.each_context(request),
            "title": f"{step.flow.title}: {step.title}",
            "step": step,
            "outline": outline_of(step),
            "icons_version": icons_version(),
            "no_id": UUID(int=0),  # in addresses that the program completes
        },
    )


page = admin.site.admin_view(flow_graph)
