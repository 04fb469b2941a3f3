"""The embedded servers, with real processes on data directories of their own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from scheduler_project.embedded import EmbeddedServerError, launch
from scheduler_project.embedded.__main__ import clean
from scheduler_project.embedded.guardian import is_alive, wait_until
from scheduler_project.embedded.places import REPOSITORY, Places, find_places

# Says where the servers are, then uses them until its standard input ends.
USER = """
import sys
from scheduler_project import embedded
print(embedded.ensure_database_url(), embedded.ensure_redis_url(), flush=True)
sys.stdin.read()
"""
# The same, but what uses the servers in the end is a forked child, as under celery's pool.
FORKING_USER = USER.replace(
    "sys.stdin.read()", "import os\nif os.fork() == 0:\n    sys.stdin.read()\n    os._exit(0)"
)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend the servers another account")


class User:
    """A process that uses the servers."""

    def __init__(self, script: str = USER) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
        )
        assert self.process.stdout is not None
        words = self.process.stdout.readline().split()
        assert len(words) == 2, "the servers did not start"
        self.database_url, self.redis_url = words

    def leave(self) -> None:
        """End as a program does that has done its work."""
        self.process.communicate()
        assert self.process.returncode == 0

    def kill(self) -> None:
        """End without a chance to clean up."""
        self.process.kill()
        self.process.communicate()

    def query(self, sql: str) -> object:
        """The first column of the first row."""
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute(sql.encode()).fetchone()
        return row and row[0]


@pytest.fixture
def data_directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory that any account can reach; what remains in it is stopped and removed."""
    directory = Path(tempfile.mkdtemp(prefix="wrkbelt-test-"))
    directory.chmod(0o755)
    _use_data_directory(directory, monkeypatch)
    places = find_places()
    yield directory
    assert wait_until(lambda: _is_cleaned(places), seconds=10), "the servers outlived their users"
    shutil.rmtree(directory)


@pytest.fixture
def places(data_directory: Path) -> Places:
    return find_places()


@pytest.fixture
def user(data_directory: Path) -> Iterator[Callable[..., User]]:
    """Makes users; those that are still there after the test are ended."""
    made: list[User] = []

    def make(script: str = USER) -> User:
        made.append(User(script))
        return made[-1]

    yield make
    for one in made:
        if one.process.poll() is None:
            one.kill()


def _use_data_directory(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRKBELT_DATA_DIR", str(directory))
    monkeypatch.setenv("WRKBELT_EMBEDDED_PROFILE", "test")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def _clean() -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "scheduler_project.embedded", "clean"]
    return subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def _is_cleaned(places: Places) -> bool:
    if not places.base.exists():
        return True
    try:
        clean(places)
    except EmbeddedServerError:
        return False
    return True


def _postmaster(places: Places) -> int:
    return int((places.postgres / "postmaster.pid").read_text().split("\n")[0])


def _all_stopped(places: Places) -> bool:
    return not (
        launch.answers(places.postgres_socket)
        or launch.answers(places.redis_socket)
        or (places.postgres / "postmaster.pid").exists()
    )


class TestUse:
    def test_the_servers_are_what_production_has(self, user: Callable[..., User]) -> None:
        first = user()

        assert str(first.query("SHOW server_version")).startswith("18.")
        assert first.query("SHOW timezone") == "UTC"
        assert (
            first.query("SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
        )
        assert first.query("SHOW server_encoding") == "UTF8"
        assert first.query("SHOW listen_addresses") == ""
        assert redis.Redis.from_url(first.redis_url).ping()

    def test_all_users_share_them_and_the_last_one_stops_them(
        self, user: Callable[..., User], places: Places
    ) -> None:
        first = user()
        postmaster = _postmaster(places)
        second = user()

        first.leave()

        assert second.query("SELECT 1") == 1
        assert _postmaster(places) == postmaster
        second.leave()
        assert _all_stopped(places)

    def test_users_that_come_at_once_start_them_once(self, user: Callable[..., User], places: Places) -> None:
        script = [sys.executable, "-c", USER]
        together = [
            subprocess.Popen(
                script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=REPOSITORY
            )
            for _ in range(4)
        ]
        said = {process.communicate() for process in together}

        assert {process.returncode for process in together} == {0}
        assert len(said) == 1
        assert _all_stopped(places)

    def test_a_forked_child_keeps_them_when_its_parent_ends(
        self, user: Callable[..., User], places: Places
    ) -> None:
        parent = user(FORKING_USER)
        parent.process.wait()

        assert parent.query("SELECT 1") == 1
        parent.process.communicate()  # ends the child's standard input
        assert wait_until(lambda: _all_stopped(places), seconds=10)


class TestCrashes:
    def test_a_killed_user_leaves_no_server_behind(self, user: Callable[..., User], places: Places) -> None:
        user().kill()

        assert wait_until(lambda: _all_stopped(places), seconds=10)

    def test_killed_servers_start_again_with_their_data(
        self, user: Callable[..., User], places: Places
    ) -> None:
        first = user()
        with psycopg.connect(first.database_url) as connection:
            connection.execute("SET synchronous_commit = on")
            connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
        postmaster = _postmaster(places)
        os.kill(postmaster, signal.SIGKILL)
        os.kill(int(places.redis_pidfile.read_text()), signal.SIGKILL)
        assert wait_until(lambda: not is_alive(postmaster), seconds=5)

        second = user()

        assert second.query("SELECT seven FROM kept") == 7
        assert redis.Redis.from_url(second.redis_url).ping()

    def test_a_pid_file_that_names_a_stranger_is_no_obstacle(
        self, user: Callable[..., User], places: Places
    ) -> None:
        user().leave()
        (places.postgres / "postmaster.pid").write_text(f"{os.getpid()}\n{places.postgres}\n0\n5432\n\n\n")

        assert user().query("SELECT 1") == 1

    def test_a_half_made_database_is_made_again(self, user: Callable[..., User], places: Places) -> None:
        half = places.base / "postgres.new"
        half.mkdir()
        (half / "PG_VERSION").write_text("18\n")

        assert user().query("SELECT 1") == 1


class TestFailures:
    @pytest.mark.parametrize(
        ("file", "content", "reason"),
        [
            ("PG_VERSION", "15\n", "was made by PostgreSQL 15, and this is PostgreSQL 18"),
            ("holiday.jpg", "", "holds something, but no PostgreSQL database"),
        ],
    )
    def test_say_why_and_what_to_do_without_a_traceback(
        self, places: Places, file: str, content: str, reason: str
    ) -> None:
        places.postgres.mkdir(mode=0o755)
        (places.postgres / file).write_text(content)

        result = subprocess.run(
            [sys.executable, "manage.py", "check"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )

        assert result.returncode == 1
        assert reason in result.stderr
        assert "make clean-data" in result.stderr
        assert "Traceback" not in result.stderr
        shutil.rmtree(places.postgres)


class TestClean:
    def test_leaves_alone_what_is_in_use(self, user: Callable[..., User]) -> None:
        first = user()

        result = _clean()

        assert result.returncode == 1
        assert "in use" in result.stderr
        assert first.query("SELECT 1") == 1

    def test_removes_the_servers_data_and_nothing_else(
        self, user: Callable[..., User], data_directory: Path
    ) -> None:
        user().leave()
        (data_directory / "letter.txt").write_text("mine")

        assert _clean().returncode == 0

        assert [path.name for path in data_directory.iterdir()] == ["letter.txt"]


@needs_root
class TestAsRoot:
    def test_the_servers_run_unprivileged(self, user: Callable[..., User], places: Places) -> None:
        user()

        assert Path(f"/proc/{_postmaster(places)}").stat().st_uid != 0

    def test_a_closed_directory_stays_closed_and_the_data_goes_elsewhere(
        self, user: Callable[..., User], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        closed = tmp_path / "home"
        closed.mkdir(mode=0o700)
        _use_data_directory(closed / "clone" / ".data", monkeypatch)

        first = user()

        assert first.query("SELECT 1") == 1
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert list(closed.iterdir()) == []
        first.leave()
        elsewhere = find_places().base
        assert _clean().returncode == 0
        assert not elsewhere.exists()

    def test_programs_out_of_reach_are_copied(
        self, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        closed = tmp_path / "venv"
        (closed / "bin").mkdir(parents=True)
        closed.chmod(0o700)
        (closed / "bin" / "server").write_text("#!/bin/sh\necho running\n")
        (closed / "bin" / "server").chmod(0o755)

        copy = launch.reachable(closed, ["bin", "no.libs"], places)

        assert copy != closed
        assert launch.run_program([copy / "bin" / "server"], places=places) == (0, "running\n")
