"""The test run: the same parts as everywhere, on servers of its own that skip the disk."""

import os

os.environ.setdefault("WRKBELT_EMBEDDED_PROFILE", "test")

from scheduler_project.settings.local import *  # noqa: F403  (after the profile is set)
from scheduler_project.settings.local import CACHES, CHANNEL_LAYERS, DATABASES, REDIS_URL

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
# Tests change things behind the back of the process that answers; those of the lag itself set it.
FREE_TIMES_MAY_LAG_SECONDS = 0.0
CONFIGURATION_MAY_LAG_SECONDS = 0.0
# Two test runs at once want two names.
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TEST_DATABASE_NAME")}
# Each process of the run empties a Redis database of its own between tests (Redis has sixteen).
_process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS_URL = f"{REDIS_URL.partition('?')[0]}?db={1 + _process % 12}"
CACHES["default"]["LOCATION"] = REDIS_URL
CHANNEL_LAYERS["default"]["CONFIG"]["hosts"] = [REDIS_URL]
# Hundreds of tests share one address; tests/core/api shows the limits with theirs on.
RATE_LIMITS_ENABLED = False
METRICS_FLUSH_SECONDS = 0
