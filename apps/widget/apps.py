"""The widget app's configuration."""

from django.apps import AppConfig


class WidgetConfig(AppConfig):
    """Serves what `make widget` builds."""

    name = "apps.widget"
    verbose_name = "Widget"
