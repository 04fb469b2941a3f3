"""Runs a few processes together: starts them in order, restarts one that dies, stops all of them on Ctrl-C.

Each child leads a process group of its own, so the terminal's Ctrl-C reaches only the supervisor, which then
stops the children in the reverse order of their start. A second Ctrl-C kills what is left at once.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import FrameType

from scheduler_project import reaper
from scheduler_project.terminal import BOLD, RED, LogFilter, Terminal

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LAST_LINES = 20
POLL_SECONDS = 0.05
IDLE_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Child:
    """A process to keep running. `is_ready` is asked until it says yes; None means ready once started."""

    name: str
    words: tuple[str, ...]
    is_ready: Callable[[], bool] | None = None
    grace_seconds: float = 10.0


@dataclass(kw_only=True, eq=False)
class _Running:
    child: Child
    process: subprocess.Popen[str]
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    reader: threading.Thread | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class _Stop:
    """Somebody asked for the end."""


class Supervisor:
    """Keeps the children running until it is told to stop, or until one of them cannot be kept."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        terminal: Terminal,
        show_all_logs: bool = False,
        max_restarts: int = 3,
        start_seconds: float = 60.0,
    ) -> None:
        self._children = tuple(children)
        self._terminal = terminal
        self._show_all_logs = show_all_logs
        self._max_restarts = max_restarts
        self._start_seconds = start_seconds
        self._running: dict[str, _Running] = {}
        self._restarts: dict[str, int] = {}
        self._news: SimpleQueue[_Running | _Stop] = SimpleQueue()
        self._stops_asked = 0

    def run(self, *, on_ready: Callable[[], None]) -> int:
        """Run until stopped; returns 0 after SIGINT, SIGTERM or SIGHUP, and 1 if a child could not be kept.

        `on_ready` is called once, when every child is ready. Must be called in the main thread.
        """
        with self._catching_signals(), self._reaper_running():
            try:
                return self._serve(on_ready)
            finally:
                self._stop_all()

    def _serve(self, on_ready: Callable[[], None]) -> int:
        for child in self._children:
            self._start(child)
        waiting = [child for child in self._children if child.is_ready is not None]
        deadline = time.monotonic() + self._start_seconds
        is_announced = False
        while True:
            news = self._next_news(timeout=IDLE_SECONDS if is_announced else POLL_SECONDS)
            # Under `ssh -t host make demo`, make leads the session and keeps the hang-up signal to itself.
            if isinstance(news, _Stop) or self._terminal.is_gone():
                self._terminal.say("\nStopping … (Ctrl-C once more ends it at once)")
                return 0
            if news is not None and not self._recover(news, was_ready=is_announced):
                return 1
            if is_announced:
                continue
            waiting = [child for child in waiting if child.is_ready is not None and not child.is_ready()]
            if not waiting:
                is_announced = True
                on_ready()
            elif time.monotonic() > deadline:
                self._report_late(waiting[0])
                return 1

    def _next_news(self, *, timeout: float | None) -> _Running | _Stop | None:
        try:
            return self._news.get(timeout=timeout)
        except Empty:
            return None

    # --- one child ----------------------------------------------------------------------------------

    def _start(self, child: Child) -> None:
        process = subprocess.Popen(
            child.words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            process_group=0,
        )
        self._tell_reaper("add", process.pid)
        running = _Running(child=child, process=process)
        self._running[child.name] = running
        running.reader = threading.Thread(target=self._read, args=(running,), daemon=True)
        running.reader.start()
        threading.Thread(target=self._await_end, args=(running,), daemon=True).start()

    def _read(self, running: _Running) -> None:
        chooser = LogFilter(everything=self._show_all_logs)
        number = self._children.index(running.child)
        for line in running.process.stdout or ():
            text = line.rstrip("\n")
            running.last_lines.append(text)
            shown = chooser.choose(text)
            if shown is not None:
                self._terminal.log(running.child.name, shown, number=number)

    def _await_end(self, running: _Running) -> None:
        running.process.wait()
        running.ended.set()
        self._news.put(running)

    def _recover(self, running: _Running, *, was_ready: bool) -> bool:
        """Start the child again; False if it died too often, or before it was ever ready."""
        self._clear_away(running)
        name = running.child.name
        how = _how_it_ended(running.process.returncode)
        count = self._restarts[name] = self._restarts.get(name, 0) + 1
        if was_ready and count <= self._max_restarts:
            self._terminal.say(
                f"{name} {how}; starting it again ({count} of {self._max_restarts}).", colour=BOLD
            )
            self._start(running.child)
            return True
        when = "again, once too often" if was_ready else "before it was ready"
        self._terminal.say(f"{name} {how} {when}. Its last words:", colour=RED)
        self._show_last_lines(running)
        return False

    def _report_late(self, child: Child) -> None:
        self._terminal.say(
            f"{child.name} was not ready after {self._start_seconds:.0f} seconds. Its last words:", colour=RED
        )
        self._show_last_lines(self._running[child.name])

    def _show_last_lines(self, running: _Running) -> None:
        if running.reader is not None:
            running.reader.join(timeout=1)
        for line in tuple(running.last_lines):
            self._terminal.log(running.child.name, line, number=self._children.index(running.child))

    # --- the end ------------------------------------------------------------------------------------

    def _stop_all(self) -> None:
        for child in reversed(self._children):
            running = self._running.get(child.name)
            if running is not None:
                self._stop(running)

    def _stop(self, running: _Running) -> None:
        if not running.ended.is_set():
            # Only the leader: granian and celery stop their own workers, in their own order.
            with suppress(ProcessLookupError):
                running.process.terminate()
            deadline = time.monotonic() + running.child.grace_seconds
            while not running.ended.wait(POLL_SECONDS):
                if time.monotonic() > deadline or self._stops_asked > 1:
                    break
        self._clear_away(running)

    def _clear_away(self, running: _Running) -> None:
        """Kill what is left of the child's group, and forget it."""
        reaper.signal_group(running.process.pid, signal.SIGKILL)
        running.ended.wait()
        self._tell_reaper("drop", running.process.pid)
        if self._running.get(running.child.name) is running:
            del self._running[running.child.name]

    @contextmanager
    def _catching_signals(self) -> Iterator[None]:
        def note(_number: int, _frame: FrameType | None) -> None:
            self._stops_asked += 1
            self._news.put(_Stop())

        before = {number: signal.signal(number, note) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def _reaper_running(self) -> Iterator[None]:
        with subprocess.Popen(
            [sys.executable, "-I", "-S", reaper.__file__],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as self._reaper:
            yield

    def _tell_reaper(self, verb: str, group: int) -> None:
        # Without its reaper the supervisor works as well; only being killed would leave orphans.
        with suppress(BrokenPipeError):
            if self._reaper.stdin is not None:
                self._reaper.stdin.write(f"{verb} {group}\n")
                self._reaper.stdin.flush()


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"stopped by itself (exit code {code})"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
