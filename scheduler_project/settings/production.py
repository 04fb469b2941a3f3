"""Production: every secret and address comes from the environment, and a missing one stops the start."""

import os

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
from scheduler_project.settings.base import LOGGING, STORAGES, env_list  # noqa: E402
from scheduler_project.settings.uploads import s3_logos  # noqa: E402

SECRET_KEY = os.environ["SECRET_KEY"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = os.environ.get("SECURE_SSL_REDIRECT", "1") == "1"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = int(os.environ.get("SECURE_HSTS_SECONDS", "31536000"))
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
LOGGING["handlers"]["console"]["formatter"] = "json"

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}
AWS_STORAGE_BUCKET_NAME = os.environ.get("AWS_STORAGE_BUCKET_NAME", "")
if AWS_STORAGE_BUCKET_NAME:
    STORAGES["default"] = {"BACKEND": "storages.backends.s3.S3Storage"}
    STORAGES["logos"] = s3_logos(domain=os.environ.get("LOGO_DOMAIN", ""))
