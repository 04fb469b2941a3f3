"""Pages of ours that are no model's, inside the admin."""

from django.urls import URLPattern

from apps.backoffice.builder.urls import builder_urls
from apps.backoffice.graph.urls import graph_urls
from apps.backoffice.icons import icon_urls
from apps.backoffice.onboarding.urls import start_urls
from apps.backoffice.preview.urls import preview_urls
from apps.backoffice.rota.urls import rota_urls
from apps.backoffice.routing_views import routing_urls
from apps.backoffice.versions.urls import version_urls


def extra_urls() -> list[URLPattern]:
    """unfold's site asks for them, by this name, when the addresses are first needed."""
    return [
        *rota_urls(),
        *builder_urls(),
        *graph_urls(),
        *preview_urls(),
        *icon_urls(),
        *start_urls(),
        *version_urls(),
        *routing_urls(),
    ]
