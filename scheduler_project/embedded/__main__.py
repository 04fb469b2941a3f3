"""`python -m scheduler_project.embedded clean`: remove what the embedded servers keep, with all data."""

import os
import shutil
import sys

from scheduler_project.embedded import users
from scheduler_project.embedded.errors import EmbeddedServerError
from scheduler_project.embedded.places import Places, find_places

OURS = ("postgres", "postgres.new", "redis", "programs", "postgresql.log", "redis.log")
LOCKS = ("start.lock", "guardian.lock", "users.lock")


def clean(places: Places) -> None:
    """Remove the servers' files, and nothing else that may lie beside them.

    Raises EmbeddedServerError if a process still uses the servers.
    """
    with users.alone(places) as is_alone:
        if not is_alone:
            raise EmbeddedServerError(
                f"The servers in {places.base} are in use. Stop the demo, the tests or the shell first."
            )
        shutil.rmtree(places.sockets, ignore_errors=True)
        if places.sockets.parent != places.base:
            places.sockets.parent.rmdir()
        for name in (*OURS, *LOCKS):
            path = places.base / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    if not any(places.base.iterdir()):
        places.base.rmdir()


def main(arguments: list[str]) -> None:
    """Do what the command line says, or say what it can do."""
    if arguments != ["clean"]:
        sys.exit("Usage: python -m scheduler_project.embedded clean")
    try:
        for profile in ("test", "local"):
            os.environ["WRKBELT_EMBEDDED_PROFILE"] = profile
            clean(find_places())
    except EmbeddedServerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
