"""`make demo`: prepare the database, run web, live, worker and beat together, and say where everything is."""

import errno
import importlib
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from django.core.management import call_command, get_commands
from django.db import connections

from scheduler_project.supervisor import Child, Supervisor
from scheduler_project.terminal import GREEN, RED, REQUEST_MARK, Terminal

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
HIGHEST_PORT = 65534  # the sockets' server takes the port after the site's
INTERRUPTED = 130


class DemoError(Exception):
    """The demo cannot run. The message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where the site and the sockets' server listen."""

    web: int
    live: int

    @classmethod
    def from_environment(cls) -> "Ports":
        """PORT and LIVE_PORT, or 8000 and the port after PORT. Raises DemoError."""
        web = _port("PORT", DEFAULT_PORT)
        return cls(web=web, live=_port("LIVE_PORT", web + 1))

    def ensure_free(self) -> None:
        """Raises DemoError if another program listens on either."""
        for port in (self.web, self.live):
            if _is_taken(port):
                raise DemoError(
                    f"Port {port} is in use by another program. Stop that, or choose another port: "
                    f"PORT={self.web + 10} make demo"
                )


def run(*, terminal: Terminal) -> int:
    """Run the demo until it is stopped; returns the exit code."""
    try:
        ports = Ports.from_environment()
        ports.ensure_free()
        os.environ["LIVE_URL"] = f"http://{HOST}:{ports.live}"
        _prepare(terminal)
        terminal.say("• Starting web, live, worker and beat …")
        supervisor = Supervisor(
            _children(ports), terminal=terminal, show_all_logs=os.environ.get("DEMO_LOGS") == "1"
        )
        code = supervisor.run(on_ready=lambda: terminal.box(_welcome(ports)))
    except DemoError as error:
        terminal.say(str(error), colour=RED)
        return 1
    except KeyboardInterrupt:
        terminal.say("\nStopped.")
        return INTERRUPTED
    terminal.say(
        "Stopped. `make demo` starts it again, with its data." if code == 0 else "The demo has stopped."
    )
    return code


def _prepare(terminal: Terminal) -> None:
    """Bring the database up to date and fill it; both do nothing the second time."""
    terminal.say("✓ PostgreSQL and Redis are running", colour=GREEN)
    with _step(terminal, "The database is up to date"):
        call_command("migrate", verbosity=0, interactive=False)
    if "seed_demo" in get_commands():
        with _step(terminal, "The demo businesses are there"):
            call_command("seed_demo")
    else:
        terminal.say("• This version has no demo businesses; the database stays empty")
    # The children have their own connections; ours would idle for as long as the demo runs.
    connections.close_all()


@contextmanager
def _step(terminal: Terminal, done: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    terminal.say(f"✓ {done} ({time.monotonic() - began:.1f} s)", colour=GREEN)


def _children(ports: Ports) -> tuple[Child, ...]:
    """In the order of their start; they stop in the reverse order."""
    python = sys.executable
    granian = (python, "-m", "granian", "--host", HOST, "--no-ws")
    celery = (python, "-m", "celery", "-A", "scheduler_project")
    return (
        Child(
            name="web",
            words=(
                *granian,
                *("--interface", "wsgi", "--port", str(ports.web)),
                *("--workers", str(min(2, os.cpu_count() or 1)), "--blocking-threads", "4"),
                *(
                    "--access-log",
                    "--access-log-fmt",
                    f"{REQUEST_MARK}%(method)s %(path)s %(status)d %(dt_ms).0f ms",
                ),
                "scheduler_project.wsgi:application",
            ),
            is_ready=_answers(f"http://{HOST}:{ports.web}/healthz"),
        ),
        Child(
            name="live",
            words=(
                *(python, "-m", "uvicorn", "--host", HOST, "--port", str(ports.live)),
                *("--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "3"),
                "scheduler_project.asgi:application",
            ),
            is_ready=_answers(f"http://{HOST}:{ports.live}/healthz"),
        ),
        Child(
            name="worker",
            words=(
                *(*celery, "worker", "--concurrency", "2", "--hostname", "demo@%h", "--loglevel", "INFO"),
                *("--without-gossip", "--without-mingle"),
            ),
            grace_seconds=20,
        ),
        Child(
            name="beat",
            words=(
                *(*celery, "beat", "--loglevel", "INFO", "--pidfile="),
                *("--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"),
            ),
        ),
    )


def _answers(url: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
                return bool(response.status == HTTPStatus.OK)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    return ask


def _welcome(ports: Ports) -> list[str]:
    site = f"http://{HOST}:{ports.web}"
    lines = [
        "Wrkbelt Scheduler is running",
        "",
        f"Demo businesses   {site}/",
        f"Admin             {site}/admin/",
        f"API reference     {site}/docs",
        f"Health            {site}/healthz",
        f"WebSockets        ws://{HOST}:{ports.live}/ws/",
    ]
    logins = _logins()
    if logins:
        lines += ["", "Logins for the admin", *logins]
    return [*lines, "", "Ctrl-C stops it. DEMO_LOGS=1 make demo shows every log line."]


def _logins() -> list[str]:
    """The demo's accounts in columns; none where the demo has none."""
    try:
        rows: list[tuple[str, str, str]] = importlib.import_module("apps.demo.logins").DEMO_LOGINS
    except ModuleNotFoundError:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(2)] if rows else []
    return [f"  {role:<{widths[0]}}  {email:<{widths[1]}}  {password}" for role, email, password in rows]


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        raise DemoError(
            f"{name} must be a number from 1 to {HIGHEST_PORT}, not {text!r}: PORT=8010 make demo"
        )
    return int(text)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: connections of an earlier demo that still linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return True
            raise
    return False
