"""Who uses the embedded servers: the first user starts them, the last one stops them.

Every user process holds a shared lock on `users.lock` for its life, so the kernel does the counting and a
killed process counts no more. Whoever gets the exclusive lock knows that nobody is left. The `start` lock
lets one process at a time look and start.
"""

import atexit
import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduler_project.embedded import guardian
from scheduler_project.embedded.errors import EmbeddedServerError
from scheduler_project.embedded.places import Places

LEAVE_SECONDS = 40.0
# The locks that this process holds, by file: a forked child inherits them, and counts as a user by that.
_held: dict[Path, int] = {}


def use(places: Places, *, is_running: Callable[[Places], bool], start: Callable[[Places], None]) -> None:
    """Count this process as a user until it ends, and see to it that the server runs."""
    try:
        with _locked(places.lock("start")):
            _join(places)
            if not is_running(places):
                start(places)
            _ensure_guardian(places)
    except OSError as error:
        message = f"The embedded servers cannot use {places.base}: {error.strerror or error}."
        raise EmbeddedServerError(message) from error


def leave(places: Places) -> None:
    """Stop being a user; the last one stops the servers and returns when they have stopped."""
    held = _held.pop(places.lock("users"), None)
    if held is None:
        return
    # Closed, not unlocked: an explicit unlock would take the lock from forked children too.
    os.close(held)
    guardian.wait_until(lambda: _settled(places), seconds=LEAVE_SECONDS)


@contextmanager
def alone(places: Places) -> Iterator[bool]:
    """Whether no process uses the servers; if so, they are stopped, and none can begin inside the block."""
    with _locked(places.lock("start")):
        users = _open(places.lock("users"))
        try:
            is_alone = _try_lock(users, fcntl.LOCK_EX)
            if is_alone:
                guardian.stop_servers(postgres_data=places.postgres, redis_pidfile=places.redis_pidfile)
            yield is_alone
        finally:
            os.close(users)


def _settled(places: Places) -> bool:
    """Whether the servers were stopped, or others use them; False while another process is stopping them."""
    if not places.base.exists():
        return True
    users = _open(places.lock("users"))
    try:
        if _try_lock(users, fcntl.LOCK_EX):
            guardian.stop_servers(postgres_data=places.postgres, redis_pidfile=places.redis_pidfile)
            return True
        return _try_lock(users, fcntl.LOCK_SH)
    finally:
        os.close(users)


def _join(places: Places) -> None:
    path = places.lock("users")
    if path in _held:
        return
    users = _open(path)
    # Waits while the last user before us is stopping the servers.
    fcntl.flock(users, fcntl.LOCK_SH)
    _held[path] = users
    owner = os.getpid()

    def at_exit() -> None:
        # A forked child inherits this hook with the rest of its parent's memory.
        if os.getpid() == owner:
            leave(places)

    atexit.register(at_exit)


def _ensure_guardian(places: Places) -> None:
    """Start the process that stops the servers if the last user is killed, unless there is one."""
    lock = _open(places.lock("guardian"))
    try:
        if not _try_lock(lock, fcntl.LOCK_EX):
            return
        words = [places.lock("users"), places.postgres, places.redis_pidfile, lock]
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", guardian.__file__, *(str(word) for word in words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[lock],
            cwd="/",
            start_new_session=True,
        )
        threading.Thread(target=process.wait, daemon=True).start()
    finally:
        os.close(lock)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    # Reading is enough to lock, so that root and the owner of the data can share one file.
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
