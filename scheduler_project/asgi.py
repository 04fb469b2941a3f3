"""WebSockets, and HTTP too where one process serves both (`runserver`, a small deployment)."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler_project.settings.local")

django_application = get_asgi_application()

# Consumers import models, so they can be imported only once Django is set up.
from channels.routing import ProtocolTypeRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from apps.core.live import RequestIdSocket  # noqa: E402
from scheduler_project.live import websocket_router  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": RequestIdSocket(AllowedHostsOriginValidator(websocket_router)),
    }
)
