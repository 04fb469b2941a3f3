"""Where the embedded servers keep their things, and as whom they run."""

import hashlib
import os
import pwd
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from scheduler_project.embedded.errors import EmbeddedServerError

REPOSITORY = Path(__file__).resolve().parent.parent.parent
# A socket's address holds 103 characters on macOS and 107 on Linux; PostgreSQL adds `/.s.PGSQL.5432.lock`.
LONGEST_SOCKET_DIRECTORY = 80
# The path travels inside URLs, whose host part some parsers lower-case and others do not decode.
PLAIN_PATH = re.compile(r"[a-z0-9/._-]+")


@dataclass(frozen=True, kw_only=True)
class Account:
    """The system account under which servers run; None of it is set where that is simply who we are."""

    user: int | None = None
    group: int | None = None


@dataclass(frozen=True, kw_only=True)
class Places:
    """The directories and lock files of one repository and profile."""

    base: Path
    sockets: Path
    account: Account
    is_test: bool

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data directory."""
        return self.base / "postgres"

    @property
    def redis(self) -> Path:
        """The working directory of Redis."""
        return self.base / "redis"

    @property
    def redis_pidfile(self) -> Path:
        """Where Redis writes its process id."""
        return self.redis / "redis.pid"

    @property
    def redis_socket(self) -> Path:
        """The socket on which Redis listens."""
        return self.sockets / "redis.sock"

    @property
    def postgres_socket(self) -> Path:
        """The socket on which PostgreSQL listens; the number is part of its name, not a port."""
        return self.sockets / ".s.PGSQL.5432"

    def lock(self, name: str) -> Path:
        """The lock file of that name: `users`, `start` or `guardian`."""
        return self.base / f"{name}.lock"

    def log(self, server: str) -> Path:
        """What that server last had to say."""
        return self.base / f"{server}.log"


def find_places() -> Places:
    """The places of this repository (or of WRKBELT_DATA_DIR) and profile; makes the directories.

    Raises EmbeddedServerError when they cannot be made or belong to somebody else.
    """
    if os.name != "posix":
        raise EmbeddedServerError(
            "The embedded PostgreSQL and Redis run on Linux and macOS only. "
            "Set DATABASE_URL and REDIS_URL to servers of your own, or work inside WSL."
        )
    is_test = os.environ.get("WRKBELT_EMBEDDED_PROFILE") == "test"
    root = Path(os.environ.get("WRKBELT_DATA_DIR") or REPOSITORY / ".data").absolute()
    if os.geteuid() == 0 and not others_can_reach(root):
        root = _public_stand_in(root)
    base = root / "test" if is_test else root
    try:
        base.mkdir(parents=True, exist_ok=True)
        account = _account(base)
        sockets = _socket_directory(base, account)
    except OSError as error:
        raise EmbeddedServerError(
            f"The embedded servers cannot keep their data in {base}: {error.strerror or error}. "
            "Mend that, or set WRKBELT_DATA_DIR to a directory that you can write to."
        ) from error
    return Places(base=base, sockets=sockets, account=account, is_test=is_test)


def make_private(directory: Path, account: Account) -> None:
    """Make the directory, closed to everybody but the server's account (and root)."""
    directory.mkdir(mode=0o700, exist_ok=True)
    if account.user is not None and directory.stat().st_uid != account.user:
        os.chown(directory, account.user, -1 if account.group is None else account.group)


def others_can_reach(path: Path) -> bool:
    """Whether an unprivileged account may enter every directory down to the path, as far as it exists."""
    real = path.resolve()
    for directory in (real, *real.parents):
        if not directory.exists():
            continue
        mode = directory.stat().st_mode
        if stat.S_ISDIR(mode) and not mode & stat.S_IXOTH:
            return False
    return True


def _account(base: Path) -> Account:
    """PostgreSQL refuses to run as root, so root lends it `nobody`, or whoever already owns the data."""
    owner = _owner(base / "postgres")
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise EmbeddedServerError(
                f"{base / 'postgres'} belongs to another user of this machine. Run as that user, "
                "remove it (`sudo make clean-data`), or set WRKBELT_DATA_DIR to a directory of your own."
            )
        return Account()
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        return Account(user=owner or 65534, group=owner or 65534)
    return Account(user=entry.pw_uid, group=entry.pw_gid)


def _owner(directory: Path) -> int | None:
    try:
        return directory.stat().st_uid
    except FileNotFoundError:
        return None


def _public_stand_in(root: Path) -> Path:
    """A directory that an unprivileged account can reach, one for each root; nobody's permissions change."""
    name = f"wrkbelt-scheduler-{_short_hash(root)}"
    return _own_directory(Path("/var/tmp") / name, mode=0o755)  # noqa: S108 - _own_directory checks its owner


def _socket_directory(base: Path, account: Account) -> Path:
    """Beside the data, or somewhere shorter and plainer if that path would not do in a socket's address."""
    sockets = base / "run"
    if len(str(sockets)) > LONGEST_SOCKET_DIRECTORY or not PLAIN_PATH.fullmatch(str(sockets)):
        holder = _own_directory(Path("/tmp") / f"wrkbelt-{_short_hash(base)}", mode=0o711)  # noqa: S108 - as above
        sockets = holder / "run"
    make_private(sockets, account)
    return sockets


def _own_directory(path: Path, *, mode: int) -> Path:
    """A directory with a name that others can foresee: it counts only if it is really ours."""
    path.mkdir(mode=mode, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise EmbeddedServerError(
            f"{path} belongs to somebody else. Remove it, or set WRKBELT_DATA_DIR to a short path of yours."
        )
    path.chmod(mode)
    return path


def _short_hash(path: Path) -> str:
    return hashlib.sha256(f"{os.geteuid()}:{path}".encode()).hexdigest()[:12]
