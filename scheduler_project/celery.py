"""The Celery application of worker and beat."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import (
    before_task_publish,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_process_shutdown,
)

from apps.core import tasks_context

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler_project.settings.local")

app = Celery("scheduler_project")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def log_as_everywhere(**_: Any) -> None:
    """Celery would put handlers of its own on the root logger, which mask nothing."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


def send_what_was_counted(**_: Any) -> None:
    """A child that ends takes its last two seconds' counts along otherwise."""
    from apps.core import metrics

    metrics.flush()


before_task_publish.connect(tasks_context.send_request_id)
task_prerun.connect(tasks_context.begin_scope)
task_postrun.connect(tasks_context.end_scope)
setup_logging.connect(log_as_everywhere)
worker_process_shutdown.connect(send_what_was_counted)
