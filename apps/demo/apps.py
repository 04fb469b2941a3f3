"""The demo app's configuration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Sites and data of the demo businesses."""

    name = "apps.demo"
    verbose_name = "Demo"
