"""The product's settings on a database and a Redis database of the benchmarks' own."""

import os

from scheduler_project.settings.local import *  # noqa: F403  (a settings module extends its base by name)
from scheduler_project.settings.local import CACHES, DATABASES, LOGGING, REDIS_URL

# Development's conveniences would be measured otherwise.
DEBUG = False
DEMO_ENABLED = False
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False

DATABASES["default"]["NAME"] = os.environ.get("BENCHMARK_DATABASE_NAME", "wrkbelt_benchmarks")
CACHES["default"]["LOCATION"] = f"{REDIS_URL}{'&' if '?' in REDIS_URL else '?'}db=9"
LOGGING["root"]["level"] = "WARNING"
