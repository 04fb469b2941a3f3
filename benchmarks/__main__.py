"""`python -m benchmarks [NAME]`: run all benchmarks, or one; the last line of each is a JSON object."""

import importlib
import sys
from collections.abc import Callable

from benchmarks import harness

# Each module has a function of the benchmark's name, which returns a harness.Result.
MODULES = {
    "slots_warm": "benchmarks.reads",
    "slots_cold": "benchmarks.reads",
    "month_warm": "benchmarks.reads",
    "month_cold": "benchmarks.reads",
    "hold_confirm": "benchmarks.hold_confirm",
    "hot_slot": "benchmarks.hold_confirm",
    "resolve": "benchmarks.resolve",
    "slot_generation": "benchmarks.slot_generation",
    "graph_validation": "benchmarks.graph_validation",
}
HEAD = f"{'benchmark':<18}{'ratio':>8}{'ours':>12}{'baseline':>12}  {'unit':<8}{'p50':>9}{'p95':>9}{'p99':>9}"


def row(found: harness.Result) -> str:
    """A result as a line of the table."""
    return (
        f"{found.name:<18}{found.ratio:>8.2f}{found.ours:>12,.0f}{found.baseline:>12,.0f}  {found.unit:<8}"
        f"{found.p50_ms:>7.2f}ms{found.p95_ms:>7.2f}ms{found.p99_ms:>7.2f}ms"
    )


def main(names: list[str]) -> None:
    """Run these benchmarks, or all; print the table and the JSON lines."""
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        sys.exit(f"No benchmark is called {unknown[0]}. There are: {', '.join(MODULES)}.")
    harness.prepare()
    found = []
    for name in names or MODULES:
        print(f"measuring {name} …", file=sys.stderr)
        run: Callable[[], harness.Result] = getattr(importlib.import_module(MODULES[name]), name)
        found.append(run())
    print(HEAD)
    for one in found:
        print(row(one))
        for note in one.notes:
            print(f"    {note}")
    for one in found:
        print(one.json())


if __name__ == "__main__":
    main(sys.argv[1:])
