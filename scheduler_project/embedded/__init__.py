"""An embedded PostgreSQL and Redis for laptops and CI: the SQL, locks and channel layer of production.

Settings call `ensure_database_url()` and `ensure_redis_url()` when DATABASE_URL and REDIS_URL are unset. The
servers start in about a second, are shared by all processes of the repository, and stop when the last of
them ends. WRKBELT_DATA_DIR moves their data from `.data/`; WRKBELT_EMBEDDED_PROFILE=test gives servers of
their own that are tuned for tests and may lose everything.
"""

import os

from scheduler_project.embedded import postgres, redis, users
from scheduler_project.embedded.errors import EmbeddedServerError
from scheduler_project.embedded.places import find_places

__all__ = ["EmbeddedServerError", "ensure_database_url", "ensure_redis_url"]


def ensure_database_url() -> str:
    """The embedded PostgreSQL's URL; starts it if need be, and keeps it for as long as this process lives.

    Child processes find the URL in DATABASE_URL. Raises EmbeddedServerError.
    """
    places = find_places()
    users.use(places, is_running=postgres.is_running, start=postgres.start)
    os.environ["DATABASE_URL"] = postgres.url(places)
    return os.environ["DATABASE_URL"]


def ensure_redis_url() -> str:
    """The embedded Redis's URL (`unix://…`, redis-py's spelling), in the same way; it is set as REDIS_URL.

    Raises EmbeddedServerError.
    """
    places = find_places()
    users.use(places, is_running=redis.is_running, start=redis.start)
    os.environ["REDIS_URL"] = redis.url(places)
    return os.environ["REDIS_URL"]
