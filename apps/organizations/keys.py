"""Which key a request came with: read whole only when something about it has changed."""

from collections import OrderedDict
from threading import Lock

from apps.core.prepared import Row, Statement
from apps.core.tokens import token_digest
from apps.organizations.errors import InvalidApiKey
from apps.organizations.models import ApiKey

SIZE = 1024

# Each write gives a row another place or the number of another transaction, mostly both.
READ_VERSIONS = Statement(
    "organizations_key_versions",
    """
    SELECT key.xmin, key.ctid, organization.xmin, organization.ctid, policy.xmin, policy.ctid
    FROM organizations_apikey AS key
    JOIN organizations_organization AS organization ON organization.id = key.organization_id
    LEFT JOIN organizations_organizationpolicy AS policy ON policy.organization_id = organization.id
    WHERE key.digest = $1::bytea AND key.revoked_at IS NULL AND organization.active
    """,
)
_known: OrderedDict[bytes, tuple[Row, ApiKey]] = OrderedDict()
_lock = Lock()


def key_of_token(token: str) -> ApiKey:
    """The live key with this token, with its organization and policy; shared, so nobody may change them.

    Raises InvalidApiKey.
    """
    digest = token_digest(token)
    versions = READ_VERSIONS.rows(f"\\x{digest.hex()}")
    if not versions:
        raise InvalidApiKey
    known = _known.get(digest)
    if known is not None and known[0] == versions[0]:
        return known[1]
    key = (
        ApiKey.objects.all_organizations(reason="the key is what names the organization")
        .filter(digest=digest, revoked_at__isnull=True, organization__active=True)
        .select_related("organization__policy")
        .first()
    )
    if key is None:
        raise InvalidApiKey
    with _lock:
        _known[digest] = (versions[0], key)
        while len(_known) > SIZE:
            _known.popitem(last=False)
    return key
