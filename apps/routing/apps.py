from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Which page of a business's site opens which flow."""

    name = "apps.routing"
    default_auto_field = "django.db.models.BigAutoField"
