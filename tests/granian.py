"""A real granian on the test's own database, whose workers may be killed: another takes their place."""

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

START_SECONDS = 40.0


class Granian:
    """The product under WSGI, with two workers of four threads each."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def __enter__(self) -> Self:
        words = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws"]
        words += ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"]
        words += ["--respawn-interval", "0.2", "--log-level", "critical"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", *words, "scheduler_project.wsgi:application"],
            env=os.environ
            | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "scheduler_project.settings.test"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError("The server did not start.")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        workers = self.workers()
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:  # somebody was about to be replaced
            self.process.kill()
            self.process.wait(timeout=10)
            for pid in workers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def answers(self) -> bool:
        """Whether somebody takes connections."""
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def workers(self) -> list[int]:
        """The processes that answer; Linux only."""
        pid = self.process.pid
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_one(self, number: int) -> bool:
        """SIGKILL a worker, at whatever it is; False where there is none at the moment."""
        alive = self.workers()
        if not alive:
            return False
        try:
            os.kill(alive[number % len(alive)], signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True
