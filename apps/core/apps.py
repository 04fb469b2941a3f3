from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register

from apps.core.checks import check_postgresql


class CoreConfig(AppConfig):
    """The ground layer: it imports from no other app."""

    name = "apps.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let `migrate` ask first whether the database will do; trace if asked to."""
        register(check_postgresql, Tags.database)
        if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
            from apps.core import tracing  # its packages are large

            tracing.start(endpoint=settings.OTEL_EXPORTER_OTLP_ENDPOINT)
