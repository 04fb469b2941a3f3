"""Production: every secret and address comes from the environment, and a missing one stops the start."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

REQUIRED = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "FIELD_MASTER_KEYS",
    "FIELD_DIGEST_KEY",
)
for _name in REQUIRED:
    if not os.environ.get(_name):
        raise ImproperlyConfigured(f"Set {_name}: docs/operations.md says what it holds.")

from scheduler_project.settings.base import *  # noqa: E402, F403  (only once the environment is complete)
from scheduler_project.settings.base import LOGGING, env_list  # noqa: E402

SECRET_KEY = os.environ["SECRET_KEY"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = os.environ.get("SECURE_SSL_REDIRECT", "1") == "1"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = int(os.environ.get("SECURE_HSTS_SECONDS", "31536000"))
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
LOGGING["handlers"]["console"]["formatter"] = "json"

STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "storages.backends.s3.S3Storage"}
    if os.environ.get("AWS_STORAGE_BUCKET_NAME")
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
AWS_STORAGE_BUCKET_NAME = os.environ.get("AWS_STORAGE_BUCKET_NAME", "")
