"""A laptop: the demo, and development. Nothing here is a secret."""

import base64

from scheduler_project.settings.base import *  # noqa: F403  (a settings module extends its base by name)

SECRET_KEY = "local-only-never-in-production-0123456789abcdefghij"  # noqa: S105
ALLOWED_HOSTS = ["*"]
FIELD_MASTER_KEYS = [base64.b64encode(b"local-only-master-key-32-bytes!!").decode()]
FIELD_DIGEST_KEY = base64.b64encode(b"local-only-digest-key-32-bytes!!").decode()
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
DEMO_ENABLED = True
METRICS_ALLOWED = ["127.0.0.0/8", "::1"]
