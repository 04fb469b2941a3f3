"""The supervisor, with small real processes."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scheduler_project.embedded.guardian import is_alive, wait_until
from scheduler_project.embedded.places import REPOSITORY
from scheduler_project.supervisor import Child, Supervisor
from scheduler_project.terminal import LogFilter, Terminal

# Writes its own process id and that of a child of its own, then sleeps until it is told to end.
FAMILY = """
import os, pathlib, subprocess, sys
grandchild = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
path = pathlib.Path(sys.argv[1])
with path.open("a") as file:
    file.write(f"{os.getpid()} {grandchild.pid}\\n")
{before}
grandchild.wait()
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
# Dies at once, each time; says so in the file first.
MAYFLY = (
    "import pathlib, sys; pathlib.Path(sys.argv[1]).open('a').write('1 1\\n'); print('tired'); sys.exit(3)"
)
# A program of its own that supervises, for the tests that send it signals.
SUPERVISING = """
import sys
from pathlib import Path
from scheduler_project.supervisor import Child, Supervisor
from scheduler_project.terminal import Terminal
words = (sys.executable, "-S", "-c", sys.argv[1])
def has_written(path):
    # That the file is there says no more than that it was opened.
    return path.exists() and path.read_text() != ""
children = [
    Child(name=name, words=(*words, f"{sys.argv[2]}/{name}"), grace_seconds=float(sys.argv[3]),
          is_ready=lambda path=Path(sys.argv[2], name): has_written(path))
    for name in ("first", "second")
]
sys.exit(Supervisor(children, terminal=Terminal()).run(on_ready=lambda: print("ready", flush=True)))
"""


def _family(*, stubborn: bool = False) -> str:
    return FAMILY.replace("{before}", STUBBORN if stubborn else "")


def _pids(path: Path) -> list[int]:
    """Of all processes that wrote their ids to the file so far."""
    return [int(word) for word in path.read_text().split()]


def _supervise(child: Child, on_ready: Callable[[], None], *, max_restarts: int = 3) -> tuple[int, str]:
    """Run a supervisor of that child in this process; returns its exit code and what the terminal showed."""
    stream = io.StringIO()
    supervisor = Supervisor([child], terminal=Terminal(stream), start_seconds=10, max_restarts=max_restarts)
    return supervisor.run(on_ready=on_ready), stream.getvalue()


@pytest.fixture
def supervising(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a supervisor with two children as a program of its own, and waits until it is ready."""
    started: list[subprocess.Popen[str]] = []

    def start(*, stubborn: bool = False, grace_seconds: float = 10) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                SUPERVISING,
                _family(stubborn=stubborn),
                str(tmp_path),
                str(grace_seconds),
            ],
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def family(tmp_path: Path) -> Callable[[], list[int]]:
    """The process ids of both children and their own children."""
    return lambda: _pids(tmp_path / "first") + _pids(tmp_path / "second")


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_one_signal_ends_everything(
        self,
        supervising: Callable[..., subprocess.Popen[str]],
        family: Callable[[], list[int]],
        number: signal.Signals,
    ) -> None:
        supervisor = supervising()

        supervisor.send_signal(number)

        assert supervisor.wait(timeout=10) == 0
        assert len(family()) == 4
        assert wait_until(lambda: not any(map(is_alive, family())), seconds=2)

    def test_a_child_that_does_not_listen_is_killed_after_its_grace_time(
        self, supervising: Callable[..., subprocess.Popen[str]], family: Callable[[], list[int]]
    ) -> None:
        supervisor = supervising(stubborn=True, grace_seconds=0.2)

        supervisor.send_signal(signal.SIGINT)

        assert supervisor.wait(timeout=5) == 0
        assert wait_until(lambda: not any(map(is_alive, family())), seconds=2)

    def test_a_second_signal_does_not_wait_for_the_grace_time(
        self, supervising: Callable[..., subprocess.Popen[str]], family: Callable[[], list[int]]
    ) -> None:
        supervisor = supervising(stubborn=True, grace_seconds=60)

        supervisor.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            supervisor.wait(timeout=0.3)
        supervisor.send_signal(signal.SIGINT)

        assert supervisor.wait(timeout=5) == 0
        assert wait_until(lambda: not any(map(is_alive, family())), seconds=2)

    def test_a_killed_supervisor_leaves_no_orphan(
        self, supervising: Callable[..., subprocess.Popen[str]], family: Callable[[], list[int]]
    ) -> None:
        supervising().kill()

        assert wait_until(lambda: not any(map(is_alive, family())), seconds=10)


class TestChildrenThatDie:
    def test_are_started_again_and_again_until_it_is_enough(self, tmp_path: Path) -> None:
        lives = tmp_path / "lives"
        killed: list[int] = []

        def kill_newest() -> None:
            killed.append(_pids(lives)[-2])
            os.kill(killed[-1], signal.SIGKILL)

        def is_ready() -> bool:
            return lives.exists() and len(_pids(lives)) == 2

        def on_ready() -> None:
            # The first life ends here, and those that follow end by themselves.
            lives.with_name("tired").touch()
            kill_newest()

        script = _family().replace(
            "grandchild.wait()", "path.with_name('tired').exists() or grandchild.wait()"
        )
        child = Child(
            name="mayfly", words=(sys.executable, "-S", "-c", script, str(lives)), is_ready=is_ready
        )
        code, shown = _supervise(child, on_ready, max_restarts=2)

        assert code == 1
        assert len(_pids(lives)) == 6  # three lives, each with a child of its own
        assert "mayfly was ended by SIGKILL; starting it again (1 of 2)." in shown
        assert "mayfly stopped by itself (exit code 0); starting it again (2 of 2)." in shown
        assert "mayfly stopped by itself (exit code 0) again, once too often." in shown
        assert wait_until(lambda: not any(map(is_alive, _pids(lives))), seconds=2)

    def test_before_they_were_ready_end_the_whole_with_their_last_words(self, tmp_path: Path) -> None:
        child = Child(
            name="mayfly", words=(sys.executable, "-c", MAYFLY, str(tmp_path / "lives")), is_ready=bool
        )

        code, shown = _supervise(child, on_ready=pytest.fail)

        assert code == 1
        assert "mayfly stopped by itself (exit code 3) before it was ready." in shown
        assert "mayfly │ tired" in shown
        assert len(_pids(tmp_path / "lives")) == 2  # one life

    def test_or_never_become_ready_end_the_whole(self, tmp_path: Path) -> None:
        stream = io.StringIO()
        words = (sys.executable, "-S", "-c", _family(), str(tmp_path / "lives"))
        child = Child(name="sloth", words=words, is_ready=bool)

        code = Supervisor([child], terminal=Terminal(stream), start_seconds=0.3).run(on_ready=pytest.fail)

        assert code == 1
        assert "sloth was not ready after 0 seconds" in stream.getvalue()


class TestLogFilter:
    def test_shows_warnings_requests_and_whole_tracebacks_only(self) -> None:
        chooser = LogFilter(everything=False)
        lines = [
            "INFO    celery [-] task received",
            "WARNING apps.core [-] slow",
            "request GET /v1/slots 200 3 ms",
            "request GET /static/widget/scheduler.js 200 1 ms",
            "Traceback (most recent call last):",
            '  File "a.py", line 1, in f',
            "ValueError: no",
            "INFO    celery [-] done",
        ]

        shown = [text for line in lines if (text := chooser.choose(line)) is not None]

        assert shown == [lines[1], "GET /v1/slots 200 3 ms", *lines[4:7]]

    def test_shows_everything_if_asked_to(self) -> None:
        assert LogFilter(everything=True).choose("INFO    celery [-] done") is not None
