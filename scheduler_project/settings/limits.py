"""How often somebody may ask, as settings: seed 003's two figures, and ours for what it leaves open.

Each may be set in the environment: RATE_LIMIT_READS_PER_IP=120, RATE_LIMIT_SIGN_IN_SECONDS=60.
"""

import os
from collections.abc import Mapping

# Per kind of request: how many in a window of so many seconds, for one address and for one visitor's session.
DEFAULTS: Mapping[str, Mapping[str, int]] = {
    # The seed's: public GET 60/min, POST bookings 10/min. Holds and checkout claim time just as bookings do.
    "READS": {"PER_IP": 60, "PER_SESSION": 60, "SECONDS": 60},
    "BOOKINGS": {"PER_IP": 10, "PER_SESSION": 10, "SECONDS": 60},
    # What follows a claim (confirm, refresh, release): never the reason why a held time is lost.
    "CHANGES": {"PER_IP": 60, "PER_SESSION": 30, "SECONDS": 60},
    # A widget that opens: resolve, and a session. Many visitors may share an office's address.
    "VISITS": {"PER_IP": 120, "PER_SESSION": 120, "SECONDS": 60},
    "EVENTS": {"PER_IP": 600, "PER_SESSION": 120, "SECONDS": 60},
    # Addresses with a secret in them: whoever tries many of them is guessing.
    "MANAGE": {"PER_IP": 20, "PER_SESSION": 20, "SECONDS": 60},
    # Passwords: one person's address, and everybody behind one internet address.
    "SIGN_IN": {"PER_IP": 50, "PER_EMAIL": 10, "SECONDS": 300},
}

RATE_LIMITS: dict[str, dict[str, int]] = {
    kind: {part: int(os.environ.get(f"RATE_LIMIT_{kind}_{part}", value)) for part, value in parts.items()}
    for kind, parts in DEFAULTS.items()
}
