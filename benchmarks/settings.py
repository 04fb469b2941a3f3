"""The product's settings on a database and a Redis database of the benchmarks' own."""

import os

from scheduler_project.settings.local import *  # noqa: F403  (a settings module extends its base by name)
from scheduler_project.settings.local import CACHES, DATABASES, LOGGING, RATE_LIMITS, REDIS_URL

# Development's conveniences would be measured otherwise.
DEBUG = False
DEMO_ENABLED = False
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False

# All of the load comes from one address.
RATE_LIMITS_ENABLED = os.environ.get("BENCHMARK_RATE_LIMITS") == "1"
RATE_LIMITS = {kind: {**parts, "PER_IP": 10**9, "PER_SESSION": 10**9} for kind, parts in RATE_LIMITS.items()}

DATABASES["default"]["NAME"] = os.environ.get("BENCHMARK_DATABASE_NAME", "wrkbelt_benchmarks")
CACHES["default"]["LOCATION"] = f"{REDIS_URL}{'&' if '?' in REDIS_URL else '?'}db=9"
LOGGING["root"]["level"] = "WARNING"
