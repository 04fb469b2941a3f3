"""HTTP: API, admin and pages, with connections to the database that last."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler_project.settings.local")

application = get_wsgi_application()

# Views and serializers are loaded with the first address that is looked up: now, instead of in a request.
from django.urls import get_resolver  # noqa: E402

get_resolver().check()

# What is loaded stays until the process ends, so the collector need not look through all of it again and
# again: that was a fifth of a booking's time. What requests leave in circles is collected a little later.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
