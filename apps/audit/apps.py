from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only log."""

    name = "apps.audit"
    default_auto_field = "django.db.models.BigAutoField"
