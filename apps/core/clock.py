"""The one clock: the database's, so that every process and every host agrees on what has expired."""

from datetime import datetime
from typing import cast

from django.db import connection
from django.db.models import DateTimeField, Func


class AppNow(Func):
    """The same clock inside a statement, without asking first."""

    template = "app_now()"
    output_field = DateTimeField()


def app_now() -> datetime:
    """The database's time of this very moment, in UTC.

    Read it after the locks are held: a time from before the wait may make an expired hold look alive.
    Tests override it for one connection with `SET app.now = '…'`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_now()")
        return cast("datetime", cursor.fetchone()[0])
