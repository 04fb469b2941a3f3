"""Duplicating a brand kit: a kit of its own that begins as the other one looks."""

from uuid import UUID

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import NotFound
from apps.flows.models import BrandKit

MAX_NAME = 80


@command("flows.duplicate_brand_kit")
def duplicate_brand_kit(*, actor: Actor, brand_kit_id: UUID) -> BrandKit:
    """Copy a kit; no widget wears the copy yet, and the two share the logo's file. Raises NotFound."""
    kits = BrandKit.objects.for_organization(actor.organization_id)
    original = kits.select_for_update(no_key=True).filter(id=brand_kit_id).first()
    if original is None:
        raise NotFound("There is no such brand kit.")
    twin = BrandKit(
        organization_id=original.organization_id,
        name=f"Copy of {original.name}"[:MAX_NAME],
        logo=original.logo.name,
        radius_px=original.radius_px,
        font_family=original.font_family,
        mode=original.mode,
        **{f"color_{name}": color for name, color in original.colors().items()},
    )
    twin.save(force_insert=True)
    audit.record(
        actor,
        "flows.brandkit.duplicated",
        subject=audit.Subject(type="flows.brandkit", id=twin.id),
        new={"name": twin.name, "of": str(original.id)},
    )
    return twin
