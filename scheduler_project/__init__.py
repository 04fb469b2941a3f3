"""The project: settings, URLs, the two servers' entry points, and what ties the apps together."""

from scheduler_project.celery import app as celery_app

__all__ = ["celery_app"]
