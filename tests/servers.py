"""The addresses of the run's own PostgreSQL and Redis, for processes that tests start.

Both may be the embedded ones, on sockets, or others, on ports (DATABASE_URL and REDIS_URL).
"""

from urllib.parse import quote

from django.conf import settings
from django.db import connection

from scheduler_project.settings.base import celery_broker_url


def database_url(name: str | None = None) -> str:
    """The URL of another database on the run's server, or of the test's own."""
    own = connection.settings_dict
    user, port = quote(own["USER"], safe=""), own["PORT"]
    password = f":{quote(own['PASSWORD'], safe='')}" if own["PASSWORD"] else ""
    address = f"{quote(own['HOST'], safe='')}{f':{port}' if port else ''}"
    return f"postgresql://{user}{password}@{address}/{name or own['NAME']}"


def broker_url(number: int) -> str:
    """The URL for Celery of one of the numbered databases of the run's Redis."""
    return celery_broker_url(f"{settings.REDIS_URL.partition('?')[0]}?db={number}")
