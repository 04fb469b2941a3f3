"""Settings that hold everywhere; local, test and production say only what differs."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import dj_database_url
import django_stubs_ext
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.widget.assets import add_static_headers
from scheduler_project import embedded
from scheduler_project.settings import limits
from scheduler_project.settings.unfold import UNFOLD  # noqa: F401  (a setting: Django reads it by name)

# Lets `ModelAdmin[Booking]` and its like be written where Django itself is not generic at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def env_list(name: str, default: str = "") -> list[str]:
    """The comma-separated values of an environment variable, without blanks."""
    return [value.strip() for value in os.environ.get(name, default).split(",") if value.strip()]


DATABASE_URL = os.environ.get("DATABASE_URL") or embedded.ensure_database_url()
REDIS_URL = os.environ.get("REDIS_URL") or embedded.ensure_redis_url()

DEBUG = False
ALLOWED_HOSTS: list[str] = env_list("ALLOWED_HOSTS")
ROOT_URLCONF = "scheduler_project.urls"
WSGI_APPLICATION = "scheduler_project.wsgi.application"
ASGI_APPLICATION = "scheduler_project.asgi.application"
AUTH_USER_MODEL = "organizations.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "channels",
    "django_celery_beat",
    "apps.core",
    "apps.audit",
    "apps.organizations",
    "apps.content",
    "apps.flows",
    "apps.routing",
    "apps.availability",
    "apps.bookings",
    "apps.vendors",
    "apps.sessions",
    "apps.widget",
    "apps.backoffice",
    "apps.demo",
]

MIDDLEWARE = [
    "apps.core.middleware.RequestIdMiddleware",
    "apps.core.middleware.MeasuringMiddleware",
    # Before the kept answers: they are counted as well.
    "apps.core.api.limiting.RateLimitMiddleware",
    "apps.routing.api.kept.KeptResolutionsMiddleware",
    "apps.availability.api.kept.KeptAnswersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------------------------------

DATABASES: dict[str, Any] = {
    "default": {
        **dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True),
        "ATOMIC_REQUESTS": False,
    }
}
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # A Redis that hangs is as good as none. One more try, for connections that its restart has ended.
        "OPTIONS": {
            "socket_timeout": 0.25,
            "socket_connect_timeout": 0.25,
            "retry": Retry(NoBackoff(), 1),
        },
    }
}
# How old what a process last saw of a location may be when it answers a read of free times from it: 0 asks
# PostgreSQL for every answer (docs/adr/0010-looks-and-changes.md).
FREE_TIMES_MAY_LAG_SECONDS = float(os.environ.get("FREE_TIMES_MAY_LAG_SECONDS", "0.05"))
# The same for which flow a page opens, and how it looks (docs/adr/0013-resolve-from-memory.md).
CONFIGURATION_MAY_LAG_SECONDS = float(os.environ.get("CONFIGURATION_MAY_LAG_SECONDS", "0.05"))
# The pub/sub layer: the core layer runs out of pooled connections at about a hundred sockets.
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}

# --- Background work --------------------------------------------------------------------------------


def celery_broker_url(url: str) -> str:
    """Redis-py's spelling in Kombu's: of a socket, and of a database's number in the query (`?db=2`)."""
    address, _, query = url.partition("?")
    options = dict(parse_qsl(query))
    number = options.pop("db", None)
    if address.startswith("unix://"):
        address = address.replace("unix://", "redis+socket://", 1)
        options |= {"virtual_host": number} if number else {}
    elif number:
        address = urlsplit(address)._replace(path=f"/{number}").geturl()
    return f"{address}?{urlencode(options)}" if options else address


CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL") or celery_broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is away must not hold up a request: the sweep picks up what a nudge did not.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,  # more than the second for which a worker waits for its next task
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
# Beat's own start writes these into its tables; there staff can see and pause them.
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "relay the outbox": {"task": "apps.core.tasks.relay_outbox", "schedule": timedelta(seconds=5)},
    "free expired holds": {"task": "apps.bookings.tasks.expire_holds", "schedule": timedelta(minutes=1)},
    "serve the waitlist": {"task": "apps.bookings.tasks.sweep_waitlist", "schedule": timedelta(minutes=5)},
    "generate slots": {"task": "apps.availability.tasks.generate_slots", "schedule": timedelta(hours=1)},
    "end idle sessions": {
        "task": "apps.sessions.tasks.abandon_stale_sessions",
        "schedule": timedelta(minutes=1),
    },
    "make event partitions": {
        "task": "apps.sessions.tasks.ensure_event_partitions",
        "schedule": timedelta(days=1),
    },
    "forget old answers": {
        "task": "apps.core.tasks.forget_idempotency_records",
        "schedule": timedelta(hours=1),
    },
    "forget old sign-ins": {
        "task": "apps.organizations.tasks.forget_staff_tokens",
        "schedule": timedelta(days=1),
    },
}

# --- Language, time, files --------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What `make widget` builds. Below STATIC_URL its files are cached as they are at the site's root.
WIDGET_ROOT = BASE_DIR / "static" / "widget"
WHITENOISE_ADD_HEADERS_FUNCTION = add_static_headers
# The demo business's site at "/", and the command that makes it; never in production.
DEMO_ENABLED = False
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"
# Logos have a storage of their own (apps/flows/logos.py): every visitor fetches them.
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "logos": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Security ---------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# Base64 keys of 32 bytes that wrap each customer's data key; the first one wraps new keys.
FIELD_MASTER_KEYS: list[str] = env_list("FIELD_MASTER_KEYS")
# Base64 key of 32 bytes for the digests by which phone and e-mail are looked up.
FIELD_DIGEST_KEY: str = os.environ.get("FIELD_DIGEST_KEY", "")
SESSION_TOKEN_HOURS = 24
# Signs the staff's tokens of /admin/v1. Without one of its own, a key is derived from SECRET_KEY.
JWT_SIGNING_KEY: str = os.environ.get("JWT_SIGNING_KEY", "")
SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(minutes=10), "REFRESH_TOKEN_LIFETIME": timedelta(days=7)}
API_MAX_BODY_BYTES = 256 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# The widget runs on the businesses' own sites. It sends no cookies, and the API key's allow-list of
# origins is what decides (apps/organizations/api/authentication.py), so CORS itself stays open there.
CORS_URLS_REGEX = r"^/v1/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "x-api-key",
    "x-exposure-variant",
    "x-request-id",
    "x-session-token",
]
CORS_EXPOSE_HEADERS = [
    "etag",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "x-exposure-variant",
    "x-request-id",
]
CORS_PREFLIGHT_MAX_AGE = 86400

# Networks (CIDR, with commas) of our own proxies: what they say in X-Forwarded-For is believed, nothing else.
TRUSTED_PROXIES: list[str] = env_list("TRUSTED_PROXIES")
RATE_LIMITS: dict[str, dict[str, int]] = limits.RATE_LIMITS
RATE_LIMITS_ENABLED = os.environ.get("RATE_LIMITS_ENABLED", "1") == "1"
# Networks that are not counted: a business's own servers, a load test.
RATE_LIMIT_EXEMPT: list[str] = env_list("RATE_LIMIT_EXEMPT")
# Who may read /metrics: these networks, and whoever sends this token ("Authorization: Bearer …").
METRICS_ALLOWED: list[str] = env_list("METRICS_ALLOWED")
METRICS_TOKEN: str = os.environ.get("METRICS_TOKEN", "")
METRICS_FLUSH_SECONDS = 2.0
# A collector of OpenTelemetry (http://…:4318); without one nothing is traced.
OTEL_EXPORTER_OTLP_ENDPOINT: str = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")

# --- API --------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.api.parsers.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.core.api.exceptions.problem_json",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Wrkbelt Scheduler API",
    "DESCRIPTION": (
        "What the booking widget, and anyone who builds their own, speaks.\n\n"
        "Under `/v1` every request names the business with `X-Api-Key`; every mutation also names the "
        "visitor with `X-Session-Token` and carries an `Idempotency-Key`. Under `/admin/v1` staff send the "
        "access token of `POST /admin/v1/auth/token`. Errors are `application/problem+json` with a stable "
        "`code`."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.api.schema.add_rate_limits",
    ],
    "ENUM_NAME_OVERRIDES": {
        "PresenceEnum": ["required", "optional", "hidden"],
        "CalendarEventTypeEnum": "apps.availability.models.EventType",
        "TimeOffTypeEnum": "apps.availability.models.TimeOffType",
        "QuestionKindEnum": "apps.bookings.models.QuestionKind",
        "VisitModeEnum": ["chain", "parallel"],
    },
}

# --- The house --------------------------------------------------------------------------------------

# Which reaction follows which event: read by apps.core.outbox, so that a lower app never imports a
# higher one.
REACTIONS = "scheduler_project.reactions.REACTIONS"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "apps.core.logs.RequestIdFilter"},
        "mask": {"()": "apps.core.logs.PersonalDataFilter"},
    },
    "formatters": {
        "line": {"format": "{levelname:<7} {name} [{request_id}] {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(trace_id)s %(message)s",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id", "mask"],
        },
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # The sockets' server comes with handlers of its own, which mask nothing.
        "uvicorn": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
