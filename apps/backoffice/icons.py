"""The icons to choose from, as one file that browsers keep."""

import gzip
import json
from functools import cache

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from apps.core.icons import all_icons

# Lucide names what an icon shows; people also search for what it stands for.
MEANINGS: dict[str, tuple[str, ...]] = {
    "ac": ("snowflake", "air-vent", "fan", "thermometer-snowflake"),
    "appointment": ("calendar", "calendar-check", "calendar-clock"),
    "beauty": ("sparkles", "flower", "gem"),
    "checkup": ("stethoscope", "clipboard-check", "activity"),
    "cleaning": ("brush-cleaning", "sparkles", "spray-can", "bubbles"),
    "colour": ("palette", "paintbrush", "droplet"),
    "cooling": ("snowflake", "air-vent", "fan", "thermometer-snowflake"),
    "dentist": ("smile", "stethoscope"),
    "doctor": ("stethoscope", "user-round-plus", "heart-pulse"),
    "drain": ("droplets", "shower-head", "bath", "waves-horizontal"),
    "electricity": ("zap", "plug", "plug-zap", "cable", "lightbulb"),
    "emergency": ("siren", "triangle-alert", "circle-alert", "ambulance"),
    "furnace": ("flame", "heater", "thermometer-sun"),
    "gas": ("flame", "fuel"),
    "hair": ("scissors", "spray-can", "sparkles"),
    "heating": ("flame", "heater", "thermometer", "thermometer-sun"),
    "home": ("house", "house-plug", "house-wifi"),
    "hot": ("flame", "thermometer-sun", "heater"),
    "inspection": ("search-check", "clipboard-check", "eye"),
    "leak": ("droplets", "droplet", "waves-horizontal"),
    "maintenance": ("wrench", "settings", "calendar-sync"),
    "money": ("banknote", "circle-dollar-sign", "wallet"),
    "nails": ("hand", "sparkles", "paintbrush"),
    "other": ("circle-question-mark", "ellipsis"),
    "pipe": ("cylinder", "wrench", "droplets"),
    "plumbing": ("wrench", "droplets", "shower-head", "toilet", "bath"),
    "question": ("circle-question-mark", "message-circle-question-mark"),
    "repair": ("wrench", "hammer", "drill", "pocket-knife"),
    "time": ("clock", "calendar", "timer", "hourglass"),
    "vaccination": ("syringe", "shield-check"),
    "vet": ("paw-print", "dog", "cat"),
    "washing": ("shower-head", "washing-machine", "droplets"),
    "water": ("droplet", "droplets", "waves-horizontal", "glass-water"),
}


@cache
def _body() -> bytes:
    document = {"icons": all_icons(), "meanings": MEANINGS}
    return json.dumps(document, separators=(",", ":")).encode()


@cache
def _packed() -> bytes:
    return gzip.compress(_body(), compresslevel=9, mtime=0)


@require_safe
def icons_file(request: HttpRequest) -> HttpResponse:
    """Every icon's path by name, and what people call them. The same for everybody who is signed in."""
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(_packed() if packs else _body(), content_type="application/json")
    if packs:
        response["Content-Encoding"] = "gzip"
    # The address names the package's version, so this answer stays true.
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def icon_urls() -> list[URLPattern]:
    """Inside the admin, so that only staff may ask; unlike other pages of it, it may be kept."""
    view = admin.site.admin_view(icons_file, cacheable=True)
    return [path("icons.json", view, name="icons")]
