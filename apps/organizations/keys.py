"""Which key a request came with: read whole only when something about it has changed.

With it comes the version of what the organization shows its visitors, in the same round trip.
"""

import time
from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from django.conf import settings

from apps.core.prepared import Row, Statement
from apps.core.tokens import token_digest
from apps.organizations.errors import InvalidApiKey
from apps.organizations.models import ApiKey

SIZE = 1024
NANOSECONDS = 1_000_000_000

# Each write gives a row another place or the number of another transaction, mostly both.
READ_VERSIONS = Statement(
    "organizations_key_versions",
    """
    SELECT key.xmin, key.ctid, organization.xmin, organization.ctid, policy.xmin, policy.ctid,
           configuration.version
    FROM organizations_apikey AS key
    JOIN organizations_organization AS organization ON organization.id = key.organization_id
    LEFT JOIN organizations_organizationpolicy AS policy ON policy.organization_id = organization.id
    LEFT JOIN organizations_configurationversion AS configuration
        ON configuration.organization_id = organization.id
    WHERE key.digest = $1::bytea AND key.revoked_at IS NULL AND organization.active
    """,
)
_known: OrderedDict[bytes, tuple[Row, ApiKey]] = OrderedDict()
_lock = Lock()


class Stamp(NamedTuple):
    """Equal as long as nothing about a key, its organization, or what that shows its visitors has changed."""

    key: Row
    configuration: bytes


class KnownKey(NamedTuple):
    """A live key with its organization and policy, shared, so nobody may change them; and as of when."""

    api_key: ApiKey
    stamp: Stamp


def stamp_of_token(token: str) -> Stamp:
    """The stamp as of now. Raises InvalidApiKey."""
    return _stamp(token_digest(token))


def _stamp(digest: bytes) -> Stamp:
    rows = READ_VERSIONS.rows(f"\\x{digest.hex()}")
    if not rows:
        raise InvalidApiKey
    *key, configuration = rows[0]
    return Stamp(key, configuration or b"")


def known_key(token: str) -> KnownKey:
    """The live key with this token. Raises InvalidApiKey."""
    digest = token_digest(token)
    stamp = _stamp(digest)
    known = _known.get(digest)
    if known is not None and known[0] == stamp.key:
        return KnownKey(known[1], stamp)
    key = (
        ApiKey.objects.all_organizations(reason="the key is what names the organization")
        .filter(digest=digest, revoked_at__isnull=True, organization__active=True)
        .select_related("organization__policy")
        .first()
    )
    if key is None:
        raise InvalidApiKey
    with _lock:
        _known[digest] = (stamp.key, key)
        while len(_known) > SIZE:
            _known.popitem(last=False)
    return KnownKey(key, stamp)


class Looks:
    """The last look at each key's stamp, which a process shares for `CONFIGURATION_MAY_LAG_SECONDS`.

    The bound counts from before the question was sent. Whoever changes something lets its process forget.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, Stamp]] = {}
        self._forgotten = 0
        self._lock = Lock()

    def stamp(self, token: str) -> Stamp:
        """A stamp that was true at most that long ago. Raises InvalidApiKey, DatabaseError."""
        asked = time.monotonic_ns()
        last = self._last.get(token)
        if last is not None and asked - last[0] < settings.CONFIGURATION_MAY_LAG_SECONDS * NANOSECONDS:
            return last[1]
        before = self._forgotten
        stamp = stamp_of_token(token)
        with self._lock:
            if before == self._forgotten:  # else it may be from before what was changed meanwhile
                if len(self._last) >= SIZE:
                    self._last.clear()
                self._last[token] = asked, stamp
        return stamp

    def forget(self) -> None:
        """Ask again before the next answer: this process has changed something."""
        with self._lock:
            self._forgotten += 1
            self._last.clear()


LOOKS = Looks()
