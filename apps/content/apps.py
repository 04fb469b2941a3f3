from django.apps import AppConfig


class ContentAppConfig(AppConfig):
    """What a business offers and asks: services, questions, answers."""

    name = "apps.content"
    default_auto_field = "django.db.models.BigAutoField"
