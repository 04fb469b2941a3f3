"""A draft as `resolve` would send it if it were published: flow, looks, widget, business."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.backoffice.preview.access import organization_of
from apps.backoffice.preview.sample import sample_document
from apps.core.errors import NotFound
from apps.flows.documents import draft_of
from apps.flows.models import BookingFlow, BrandKit, FlowStatus, SchedulerConfig
from apps.organizations.models import Organization
from apps.organizations.staff import Access, Area
from apps.routing.documents import brand_kit_json, config_json, organization_json

# Drafts have no version; the widget only compares it.
NO_VERSION = {"version_id": "preview", "version": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to show; what is not said is taken from what the business has, its default first."""

    flow_id: UUID | None = None
    config_id: UUID | None = None
    brand_kit_id: UUID | None = None
    organization_id: UUID | None = None


def draft_json(*, access: Access, wanted: Wanted, base_url: str) -> tuple[Organization, dict[str, Any]]:
    """The business that it is about, and what the widget would be sent. Raises NotFound.

    In a number of queries that does not grow with the flow. Nothing of another business is ever mixed in.
    """
    ids = access.organization_ids(Area.CATALOGUE)
    flow = _own(BookingFlow, wanted.flow_id, ids)
    config = _own(SchedulerConfig, wanted.config_id, ids)
    kit = _own(BrandKit, wanted.brand_kit_id, ids)
    organization = organization_of(_owner([flow, config, kit], wanted.organization_id, ids))
    flow = flow or _first_flow(organization)
    config = config or _first_config(organization)
    kit = kit or (config.brand_kit if config.brand_kit_id else None) or _first_kit(organization)
    document = draft_of(flow).document if flow else sample_document(organization)
    return organization, {
        "router": {"rule_id": None, "reason": "preview", "split": None},
        "organization": organization_json(organization),
        "scheduler_config": config_json(config),
        "brand_kit": brand_kit_json(kit, base_url),
        "flow": {**NO_VERSION, **document},
    }


def _own(model: Any, row_id: UUID | None, organization_ids: set[UUID]) -> Any:
    """The row that is asked for, or None where none is. Raises NotFound."""
    if row_id is None:
        return None
    rows = model.objects.all_organizations(reason="a person may work for several businesses")
    if model is SchedulerConfig:
        rows = rows.select_related("brand_kit")
    row = rows.filter(organization__in=organization_ids, id=row_id).first()
    if row is None:
        raise NotFound
    return row


def _owner(rows: list[Any], named: UUID | None, organization_ids: set[UUID]) -> UUID:
    owners = {row.organization_id for row in rows if row is not None} | ({named} if named else set())
    if not owners:
        owners = set(sorted(organization_ids)[:1])
    if len(owners) != 1 or not owners <= organization_ids:
        raise NotFound
    return owners.pop()


def _first_flow(organization: Organization) -> BookingFlow | None:
    flows = BookingFlow.objects.for_organization(organization).exclude(status=FlowStatus.DELETED)
    return flows.order_by("-status", "id").first()  # what is published goes before drafts


def _first_config(organization: Organization) -> SchedulerConfig:
    configs = SchedulerConfig.objects.for_organization(organization).select_related("brand_kit")
    return configs.order_by("-is_default", "id").first() or SchedulerConfig(organization=organization)


def _first_kit(organization: Organization) -> BrandKit:
    return BrandKit.objects.for_organization(organization).first() or BrandKit(organization=organization)
