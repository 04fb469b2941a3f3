"""Real granians on the test's own database, which may be killed: each comes back at once."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers import database_url

START_SECONDS = 60.0
SERVERS = 2


class Granian:
    """The product under WSGI, in one process with four threads and another that watches it."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def start(self) -> None:
        """Begin; it answers a little later."""
        words = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws"]
        words += ["--workers", "1", "--blocking-threads", "4", "--log-level", "critical"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", *words, "scheduler_project.wsgi:application"],
            env=os.environ
            | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "scheduler_project.settings.test"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def answers(self) -> bool:
        """Whether it takes connections."""
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        """SIGKILL whatever of it there is, in the middle of whatever it does."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")  # Linux only
        with suppress(FileNotFoundError, ProcessLookupError):
            for word in children.read_text().split():
                os.kill(int(word), signal.SIGKILL)
        self.process.kill()
        self.process.wait(timeout=30)


class Fleet:
    """Two servers, as behind a load balancer."""

    def __init__(self) -> None:
        self.servers = [Granian() for _ in range(SERVERS)]

    def __enter__(self) -> Self:
        for server in self.servers:
            server.start()
        deadline = time.monotonic() + START_SECONDS
        while not all(server.answers() for server in self.servers):
            if time.monotonic() > deadline:
                raise RuntimeError("The servers did not start.")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self.servers:
            server.kill()

    def kill_one(self, number: int) -> bool:
        """Kill a server and start it anew; False if it has not come back from the last time yet.

        One that could not start, because somebody had taken its port meanwhile, is started again.
        """
        server = self.servers[number % SERVERS]
        if server.process.poll() is not None:
            server.start()
        if not server.answers():
            return False
        server.kill()
        server.start()
        return True
