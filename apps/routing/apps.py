from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Which page of a business's site opens which flow."""

    name = "apps.routing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what leads to a flow, so that none is deleted that a page still opens."""
        from apps.flows.neighbours import register_users
        from apps.routing.uses import uses_of_flow

        register_users(uses_of_flow)
