"""HTTP: API, admin and pages, with connections to the database that last."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler_project.settings.local")

application = get_wsgi_application()
