"""Stops the embedded servers when nobody uses them any more, however the last user went.

Run as a script (`python guardian.py LOCK POSTGRES_DATA REDIS_PIDFILE GUARDIAN_FD`), it sleeps in the kernel
until the shared lock that every user holds is free, so that a killed user leaves no server behind. It imports
nothing of the project: it has to start in a few milliseconds and outlive any change to the code.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

POLL_SECONDS = 0.01
# A fast shutdown writes a checkpoint; a slow disk may need a while for it.
POSTGRES_GRACE_SECONDS = 30.0
REDIS_GRACE_SECONDS = 5.0


def stop_servers(*, postgres_data: Path, redis_pidfile: Path) -> None:
    """Stop both servers, politely first; servers that do not run are passed over."""
    postgres_pid = server_pid(postgres_data / "postmaster.pid", command_holds=(str(postgres_data),))
    redis_pid = server_pid(redis_pidfile, command_holds=("redis-server", "valkey-server"))
    if redis_pid is not None:
        _end(redis_pid, polite=signal.SIGTERM, grace_seconds=REDIS_GRACE_SECONDS)
    if postgres_pid is not None:
        # SIGINT is PostgreSQL's fast shutdown: it disconnects the sessions; SIGTERM would wait for them.
        _end(postgres_pid, polite=signal.SIGINT, grace_seconds=POSTGRES_GRACE_SECONDS)
    redis_pidfile.unlink(missing_ok=True)


def server_pid(pidfile: Path, *, command_holds: tuple[str, ...]) -> int | None:
    """The process id in the file, if that process runs and its command line holds one of the words.

    Process ids are used again, after a crash or in a new container: the word tells ours from a stranger.
    """
    try:
        pid = int(pidfile.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    if pid <= 0 or not is_alive(pid):
        return None
    command = command_line(pid)
    return pid if any(word in command for word in command_holds) else None


def is_alive(pid: int) -> bool:
    """Whether the process runs; a zombie, also one of our own children, does not."""
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # Where nobody reaps orphans (a container without an init), the state letter after the name tells.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True


def command_line(pid: int) -> str:
    """The process's command line, words parted by spaces; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        pass
    if Path("/proc/self").exists():
        return ""
    # No /proc on macOS.
    asked = subprocess.run(
        ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout


def wait_until(done: Callable[[], bool], *, seconds: float) -> bool:
    """Poll until `done()` or until the time is over; returns which."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _end(pid: int, *, polite: signal.Signals, grace_seconds: float) -> None:
    for number, seconds in ((polite, grace_seconds), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if wait_until(lambda: not is_alive(pid), seconds=seconds):
            return


def _main(lock: str, postgres_data: str, redis_pidfile: str, guardian_fd: str) -> None:
    # A terminal's Ctrl-C or hang-up is meant for the users; the lock tells when they are gone.
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        users = os.open(lock, os.O_RDONLY)
    except FileNotFoundError:
        return
    fcntl.flock(users, fcntl.LOCK_EX)
    stop_servers(postgres_data=Path(postgres_data), redis_pidfile=Path(redis_pidfile))
    # In this order: whoever waits for the users' lock must not find a guardian that is about to leave.
    os.close(int(guardian_fd))
    os.close(users)


if __name__ == "__main__":
    _main(*sys.argv[1:])
