from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground layer: it imports from no other app."""

    name = "apps.core"
    default_auto_field = "django.db.models.BigAutoField"
