"""A real granian with the product in it, and somebody who asks it things."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.harness import SETTINGS, Sample

START_SECONDS = 90.0
WORKERS = 2
BLOCKING_THREADS = 4
LAST_WORDS = 3000


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, on a port of its own."""

    port: int

    def ask(
        self, paths: Sequence[str], *, headers: Mapping[str, str], clients: int, seconds: float
    ) -> Sample:
        """GET these paths in turn with so many clients at once. Raises RuntimeError where one is refused."""
        return self.send(
            [request_of("GET", path, self.port, headers) for path in paths], clients=clients, seconds=seconds
        )

    def send(self, requests: Sequence[str], *, clients: int, seconds: float) -> Sample:
        """Send whole requests, as they are, in turn."""
        order = {"port": self.port, "requests": list(requests), "clients": clients, "seconds": seconds}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.load"],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            check=True,
        )
        measured = json.loads(done.stdout)
        if measured["failures"]:
            raise RuntimeError(f"Not every answer was a 200: {measured['failures']}")
        return Sample(measured["count"], measured["seconds"], measured["latencies_ms"])


def request_of(method: str, path: str, port: int, headers: Mapping[str, str], body: str = "") -> str:
    """An HTTP/1.1 request as text."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body.encode())}")
    return "\r\n".join([*lines, "", body])


@contextmanager
def serving(
    application: str = "benchmarks.server:application", *, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run the application under granian (WSGI) until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    words += ["--workers", str(WORKERS), "--blocking-threads", str(BLOCKING_THREADS), "--no-ws"]
    words += ["--log-level", "error", application]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            words,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS} | dict(environment or {}),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(port, process)
            yield Server(port)
        except Exception:
            log.seek(0)
            print(log.read()[-LAST_WORDS:].decode(errors="replace"), file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")
