"""What must be so before the product is set up on a database."""

from collections.abc import Collection
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

# The first with NULLS NOT DISTINCT: on an older one Django leaves such constraints out and goes on.
OLDEST_POSTGRESQL = 15


def check_postgresql(*, databases: Collection[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Whether each database server is new enough; `migrate` asks before it does anything."""
    problems: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            problems.append(_unfit(f"DATABASE_URL names a {connection.display_name} database"))
            continue
        with connection.cursor() as cursor:
            major = cursor.connection.info.server_version // 10000
        if major < OLDEST_POSTGRESQL:
            problems.append(_unfit(f"The server of DATABASE_URL is PostgreSQL {major}"))
    return problems


def _unfit(found: str) -> Error:
    return Error(
        f"{found}; PostgreSQL {OLDEST_POSTGRESQL} or newer is needed.",
        hint="Upgrade it or name another server, or unset DATABASE_URL to use the embedded one.",
        id="core.E001",
    )
