"""What the demo shows in the terminal: colours, log lines with a prefix, a box."""

import re
import select
import sys
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

RESET = "\x1b[0m"
BOLD = "\x1b[1m"
GREEN = "\x1b[32m"
RED = "\x1b[31m"
# A colour for each process; red is kept for what went wrong.
PREFIX_COLOURS = ("\x1b[36m", "\x1b[35m", "\x1b[33m", "\x1b[34m")

WORTH_SHOWING = re.compile(r"\b(WARN|WARNING|ERROR|CRITICAL|FATAL)\b|^Traceback \(most recent call last\)")
CONTINUES = re.compile(r"^(\s|$)")


class LogFilter:
    """Chooses what a calm terminal shows of one process: warnings, errors with their tracebacks, requests.

    It keeps state (a traceback spans lines), so each process has its own.
    """

    def __init__(self, *, everything: bool) -> None:
        self._everything = everything
        self._inside_traceback = False

    def choose(self, line: str) -> str | None:
        """The text to show for this line, or None."""
        if self._everything:
            return line
        if line.startswith(REQUEST_MARK):
            return _request(line.removeprefix(REQUEST_MARK))
        if WORTH_SHOWING.search(line):
            self._inside_traceback = line.startswith("Traceback")
            return line
        if self._inside_traceback:
            # The first line that is not indented ends a traceback: it names the exception.
            self._inside_traceback = bool(CONTINUES.match(line))
            return line
        return None


# The web server is told to begin its access lines with this.
REQUEST_MARK = "request "
QUIET_PATHS = ("/static/", "/healthz", "/readyz", "/metrics", "/favicon.ico")


def _request(rest: str) -> str | None:
    words = rest.split(" ")
    is_quiet = len(words) > 1 and words[1].startswith(QUIET_PATHS)
    return None if is_quiet else rest


class Terminal:
    """Writes whole lines, with colour where somebody sees it."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._is_terminal = self._stream.isatty()

    def say(self, text: str = "", *, colour: str = "") -> None:
        """One line of our own."""
        self._write(self._paint(text, colour))

    def log(self, name: str, text: str, *, number: int) -> None:
        """One line of the process with that name; the number picks its colour."""
        colour = PREFIX_COLOURS[number % len(PREFIX_COLOURS)]
        self._write(f"{self._paint(f'{name:<6} │', colour)} {text}")

    def box(self, lines: Iterable[str]) -> None:
        """The lines in a frame."""
        content = list(lines)
        width = max(_width(line) for line in content)
        self.say(f"╭─{'─' * width}─╮")
        for line in content:
            self.say(f"│ {line}{' ' * (width - _width(line))} │")
        self.say(f"╰─{'─' * width}─╯")

    def is_gone(self) -> bool:
        """Whether this was a terminal, and it has been closed."""
        if not self._is_terminal:
            return False
        poll = select.poll()
        poll.register(self._stream.fileno(), 0)
        return any(events & select.POLLHUP for _, events in poll.poll(0))

    def _write(self, line: str) -> None:
        # Nobody reads what is written to a closed terminal or pipe, and stopping well matters more.
        with suppress(OSError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    def _paint(self, text: str, colour: str) -> str:
        return f"{colour}{text}{RESET}" if colour and self._is_terminal else text


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
