"""Functions of our own in PostgreSQL, as Django's expressions."""

from django.db.models import DateTimeField, Func


class AppNow(Func):
    """The clock of `apps.core.clock` inside a statement, without asking first."""

    template = "app_now()"
    output_field = DateTimeField()
