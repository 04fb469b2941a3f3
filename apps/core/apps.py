from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created

from apps.core.checks import check_postgresql


class CoreConfig(AppConfig):
    """The ground layer: it imports from no other app."""

    name = "apps.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let `migrate` ask first whether the database will do; keep statements; trace if asked to."""
        # It reads settings, which are there only now.
        from apps.core.prepared import keep_statements

        register(check_postgresql, Tags.database)
        connection_created.connect(keep_statements)
        if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
            from apps.core import tracing  # its packages are large

            tracing.start(endpoint=settings.OTEL_EXPORTER_OTLP_ENDPOINT)
