"""Where the widget's build lies, and how long each of its files may be kept (seed 001, CDN).

The loader and the manifest keep their names and are asked for each time, so that a new build is seen at once.
Everything that they lead to carries a hash of its content in its name and never changes.
"""

import json
import re
from pathlib import Path
from wsgiref.headers import Headers

from django.conf import settings

ENTRY_FILES = {
    "scheduler.js": "text/javascript; charset=utf-8",
    "version-manifest.json": "application/json",
    "build-info.json": "application/json",
}
HASHED_FILE = r"(?P<build>[0-9a-f]{12})/js/(?P<name>[a-z0-9-]+\.[A-Z0-9]{8}\.js)"
ASK_EACH_TIME = "no-cache, no-store, must-revalidate"
KEEP_FOR_GOOD = "public, max-age=31536000, immutable"

_HASHED = re.compile(HASHED_FILE)


def read_asset(name: str) -> bytes | None:
    """A file of the build by its path below the build's root; None where there is none."""
    path = Path(settings.WIDGET_ROOT) / name
    return path.read_bytes() if path.is_file() else None


def script_url(name: str) -> str | None:
    """The address of one of the build's scripts by its name in the manifest; None before a build."""
    manifest = read_asset("version-manifest.json")
    script = None if manifest is None else json.loads(manifest).get(name)
    return None if script is None else f"{settings.STATIC_URL}widget/{script}"


def caching_of(name: str) -> str:
    """The Cache-Control of a file of the build, by its path below the build's root."""
    return KEEP_FOR_GOOD if _HASHED.fullmatch(name) else ASK_EACH_TIME


def add_static_headers(headers: Headers, _path: str, url: str) -> None:
    """Whitenoise's hook: below /static/widget/ the same rules hold as at the root."""
    prefix = f"{settings.STATIC_URL}widget/"
    if url.startswith(prefix):
        headers["Cache-Control"] = caching_of(url.removeprefix(prefix))
