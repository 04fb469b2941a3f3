"""The bytes of an answer to `resolve`, of parts that are written once and kept.

The flow is the large part, and never changes: it is kept by its version, in this process and in Redis. What
is live (organization, widget, looks) is kept by the version of the configuration. Only which rule won, and
why, is written anew each time.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework.renderers import JSONRenderer

from apps.core import soft_cache
from apps.core.errors import NotFound
from apps.core.flights import Flights
from apps.core.shelf import Shelf
from apps.flows.models import FlowVersion, SchedulerConfig
from apps.flows.queries import flow_json
from apps.organizations.models import Organization
from apps.routing.configuration import Outcome
from apps.routing.documents import brand_kit_json, config_json, organization_json
from apps.routing.matching import Decision

MAX_PARTS = 4096
MAX_BYTES = 32 * 1024 * 1024
FLOW_IN_REDIS_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes, and their digest."""

    body: bytes
    digest: bytes

    @classmethod
    def of(cls, body: bytes) -> "Part":
        """With its digest."""
        return cls(body, hashlib.sha256(body).digest())


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, and its strong ETag."""

    body: bytes
    etag: str


_parts: Shelf[tuple[object, ...], Part] = Shelf(MAX_PARTS, weight=MAX_BYTES)
_flights = Flights()
_encoder = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True)


def answer_of(outcome: Outcome, tail: Part) -> Answer:
    """The answer of an outcome, whose tail is known."""
    head = b'{"router":' + _encoder.encode(router_json(outcome.decision)).encode()
    etag = hashlib.sha256(head + tail.digest).hexdigest()[:32]
    return Answer(head + tail.body, f'"{etag}"')


def router_json(decision: Decision) -> dict[str, Any]:
    """Which rule won and why; and which of its flows, where it has several."""
    rule, target = decision.rule, decision.target
    split = None
    if rule is not None and target is not None and decision.is_split:
        total = sum(one.weight for one in rule.targets)
        split = {"flow_id": str(target.flow_id), "weight": target.weight, "total_weight": total}
    return {"rule_id": str(rule.id) if rule else None, "reason": decision.reason, "split": split}


def tail_of(
    *,
    organization: Organization,
    version: bytes,
    config: SchedulerConfig,
    flow_version_id: UUID,
    base_url: str,
) -> Part:
    """What follows the rule in an answer, as of a version of the configuration."""
    key = (organization.id, version, config.id, flow_version_id, base_url)
    tail = _parts.get(key)
    if tail is None:
        live = {
            "organization": organization_json(organization),
            "scheduler_config": config_json(config),
            "brand_kit": brand_kit_json(config.brand_kit, base_url),
        }
        flow = flow_bytes(organization.id, flow_version_id)
        body = b"," + _rendered(live)[1:-1] + b',"flow":' + flow + b"}"
        tail = _parts.put(key, Part.of(body), weight=len(body))
    return tail


def flow_bytes(organization_id: UUID, flow_version_id: UUID) -> bytes:
    """A version as the API sends it: from Redis, else from the database, by one of those who ask for it.

    Raises NotFound.
    """
    key = f"flow:{organization_id}:{flow_version_id}"
    with _flights.alone(key):
        kept = soft_cache.get(key)
        if isinstance(kept, bytes):
            return kept
        found = FlowVersion.objects.for_organization(organization_id).filter(id=flow_version_id).first()
        if found is None:
            raise NotFound
        flow = _rendered(flow_json(found))
        soft_cache.set_many({key: flow}, seconds=FLOW_IN_REDIS_SECONDS)
        return flow


def _rendered(document: Any) -> bytes:
    body: bytes = JSONRenderer().render(document)
    return body
