"""Where the editor hangs: inside the admin, and with its names."""

from django.urls import URLPattern, path

from apps.backoffice.graph import api, views


def graph_urls() -> list[URLPattern]:
    """`admin:flow_graph` is the page of a step's graph."""
    return [
        path("flows/steps/<uuid:step_id>/graph/", views.page, name="flow_graph"),
        path("flows/steps/<uuid:step_id>/graph/data/", api.GraphData.as_view(), name="flow_graph_data"),
    ]
