from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Tenants and the people who work there."""

    name = "apps.organizations"
    default_auto_field = "django.db.models.BigAutoField"
