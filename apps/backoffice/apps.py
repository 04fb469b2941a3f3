from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    """Today, the navigation, and the admin pages that know several apps."""

    name = "apps.backoffice"
    default_auto_field = "django.db.models.BigAutoField"
