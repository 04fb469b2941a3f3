from django.apps import AppConfig
from django.core.checks import Tags, register

from apps.core.checks import check_postgresql


class CoreConfig(AppConfig):
    """The ground layer: it imports from no other app."""

    name = "apps.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let `migrate` ask first whether the database will do."""
        register(check_postgresql, Tags.database)
