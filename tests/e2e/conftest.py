"""A real site for a real browser: own database, seeded, served by granian as in production."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.servers import database_url

ROOT = Path(__file__).resolve().parent.parent.parent
# Each process of the test run has a site of its own.
DATABASE = f"wrkbelt_e2e_{os.getpid()}"
START_SECONDS = 30
BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True)
class Site:
    """The running demo: its address, and a way to its database."""

    url: str
    database_url: str
    environment: dict[str, str]

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement; what it returns, if it returns anything."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def end_holds_in(self, seconds: int) -> None:
        """Move the end of every live hold, and of its time, to one moment: what waiting would do."""
        self.sql(
            "WITH moved AS ("
            " UPDATE bookings_hold SET expires_at = now() + make_interval(secs => %s)"
            " WHERE status = 'active')"
            " UPDATE availability_calendarevent SET expires_at = now() + make_interval(secs => %s)"
            " WHERE active AND type = 'hold'",
            seconds,
            seconds,
        )

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command against this site's database."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def fresh_database() -> Iterator[str]:
    """An empty database, dropped at the end whoever is still connected."""
    with psycopg.connect(database_url("postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {DATABASE}")
        try:
            yield database_url(DATABASE)
        finally:
            admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The demo business's site, seeded and served."""
    if not (ROOT / "static/widget/version-manifest.json").exists():
        pytest.fail("The widget is not built: run `make widget` first.")
    port = free_port()
    with fresh_database() as url:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "REDIS_URL": settings.REDIS_URL,
            "PORT": str(port),
            # All of the run's customers share one address.
            "RATE_LIMITS_ENABLED": "0",
            "DJANGO_SETTINGS_MODULE": "scheduler_project.settings.local",
        }
        running = Site(f"http://127.0.0.1:{port}", url, environment)
        for command in ("migrate", "seed_demo"):
            done = running.manage(command)
            assert done.returncode == 0, done.stdout + done.stderr
        with served(running, port):
            yield running


@contextmanager
def served(site: Site, port: int) -> Iterator[None]:
    """Granian, until the block ends."""
    server = subprocess.Popen(
        [
            Path(sys.executable).with_name("granian"),
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--blocking-threads",
            "4",
            "scheduler_project.wsgi:application",
        ],
        cwd=ROOT,
        env=site.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_healthy(site.url, server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=15)


def wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return once the site answers; fail when its server has died or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"The server ended with status {server.returncode}.")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310  (our own server)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("The server did not answer in time.")


def chromium() -> str | None:
    """The machine's Chromium, as tools/find_browser finds it."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: install one, or name yours in CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        yield started
        started.close()


@pytest.fixture(params=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A customer's window, at both widths. A script error on the page fails the test."""
    yield from open_page(browser, phone=request.param == "phone")


@pytest.fixture
def phone_page(browser: Browser) -> Iterator[Page]:
    """A customer's phone."""
    yield from open_page(browser, phone=True)


def open_page(browser: Browser, *, phone: bool) -> Iterator[Page]:
    """A window in a context of its own, in Denver's time zone."""
    size = ViewportSize(width=375, height=812) if phone else ViewportSize(width=1280, height=800)
    context = browser.new_context(
        viewport=size,
        timezone_id="America/Denver",
        locale="en-US",
        has_touch=phone,
        reduced_motion="reduce",
    )
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    context.close()
    assert failures == []
