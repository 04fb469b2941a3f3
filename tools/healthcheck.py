"""Exit 0 if the server on that port of this machine is healthy: `python tools/healthcheck.py 8000`."""

import http.client
import os
import sys


def main(port: str) -> int:
    """Ask /healthz under a host name that the site answers to."""
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost" if host == "*" else host})
        return 0 if connection.getresponse().status == http.HTTPStatus.OK else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
