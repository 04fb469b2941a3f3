"""Start a server program in the background, under its account, and tell why it would not start."""

import errno
import importlib.util
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from scheduler_project.embedded.errors import EmbeddedServerError
from scheduler_project.embedded.places import Account, Places, others_can_reach


def start_program(words: Sequence[str | Path], *, places: Places, log: Path) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own, so that the terminal's Ctrl-C passes it by."""
    with log.open("wb") as output:
        process = _popen(words, account=places.account, stdout=output, cwd=places.base)
    # Reaps it, should it end while its starter lives: a zombie would look like a running server.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def run_program(words: Sequence[str | Path], *, places: Places, stdin: bytes = b"") -> tuple[int, str]:
    """Run the program to its end; returns its exit code and what it said."""
    process = _popen(
        words, account=places.account, stdout=subprocess.PIPE, cwd=places.base, stdin=subprocess.PIPE
    )
    said, _ = process.communicate(stdin)
    return process.returncode, said.decode(errors="replace")


def answers(path: Path) -> bool:
    """Whether somebody listens on the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def package_directory(package: str) -> Path:
    """Where pip put the package; it is not imported, since both packages do work when they are.

    Raises EmbeddedServerError if it is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            f"The Python package {package.replace('_', '-')} is not installed. Run `make setup`, "
            "or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(spec.origin).parent


def reachable(root: Path, parts: Sequence[str], places: Places) -> Path:
    """The root, or a copy of these parts of it in the same arrangement that the server's account can reach.

    A virtualenv in root's home needs the copy.
    """
    if places.account.user is None or others_can_reach(root / parts[0]):
        return root
    made = int((root / parts[0]).stat().st_mtime)
    copy = places.base / "programs" / f"{Path(parts[0]).name}-{made}"
    if not copy.exists():
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in parts:
            (half / part).parent.mkdir(parents=True, exist_ok=True)
            if (root / part).is_dir():
                shutil.copytree(root / part, half / part, symlinks=True)
            elif (root / part).exists():
                shutil.copy2(root / part, half / part)
        half.rename(copy)
    return copy


def explain(server: str, said: str, places: Places) -> EmbeddedServerError:
    """The failure in plain words, with a way out."""
    if "No space left on device" in said or os.strerror(errno.EDQUOT) in said:
        return EmbeddedServerError(f"{server} cannot start: the disk that holds {places.base} is full.")
    if "Permission denied" in said:
        way_out = (
            f"Its account may not enter {places.base}. "
            "Set WRKBELT_DATA_DIR to a directory that others can reach."
        )
    else:
        way_out = (
            f"Its log is {places.log(server.lower())}. If its data is broken, `make clean-data` starts anew "
            "(what the embedded database holds is lost)."
        )
    last_words = [line.strip() for line in said.splitlines() if line.strip()][-3:]
    return EmbeddedServerError(
        "\n".join([f"{server} did not start. {way_out}", *(f"  {line}" for line in last_words)])
    )


def _popen(
    words: Sequence[str | Path],
    *,
    account: Account,
    stdout: int | IO[bytes],
    cwd: Path,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    other_groups: list[str | int] | None = None if account.user is None else []
    try:
        return subprocess.Popen(
            [str(word) for word in words],
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            # Nothing of the caller's PG* variables, and messages in the one language that explain() reads.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            user=account.user,
            group=account.group,
            extra_groups=other_groups,
        )
    except OSError as error:
        raise EmbeddedServerError(
            f"{words[0]} cannot be started: {error.strerror or error}. "
            "Run as an ordinary user, not as root, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from error
