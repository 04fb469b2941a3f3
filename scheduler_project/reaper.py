"""Ends the supervisor's process groups if the supervisor itself is killed.

Run as a script, it reads `add GROUP` and `drop GROUP` lines from the supervisor. The kernel closes the pipe
when the supervisor ends, in whatever way; the groups that are left then get SIGTERM, and SIGKILL after a
grace time.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_SECONDS = 5.0
POLL_SECONDS = 0.05


def signal_group(group: int, number: int) -> bool:
    """Send the signal to every process of the group; returns whether there was any."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:
        # On macOS, what is left of the group are zombies.
        return False
    return True


def end_groups(groups: Iterable[int]) -> None:
    """Terminate the groups, then kill what is still there after the grace time."""
    left = [group for group in groups if signal_group(group, signal.SIGTERM)]
    deadline = time.monotonic() + GRACE_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        left = [group for group in left if signal_group(group, 0)]
    for group in left:
        signal_group(group, signal.SIGKILL)


def _main() -> None:
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        verb, _, group = line.strip().partition(" ")
        (groups.add if verb == "add" else groups.discard)(int(group))
    end_groups(groups)


if __name__ == "__main__":
    _main()
