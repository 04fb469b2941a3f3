"""A business's first looks, and the widget that wears them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.flows.models import BrandKit, SchedulerConfig
from apps.organizations.models import Organization


@command("flows.dress_widget")
def dress_widget(*, actor: Actor, color_primary: str, logo: File[Any] | None = None) -> SchedulerConfig:
    """Give the default widget this colour and logo; where there is no widget yet, make one with its kit.

    Its fallback screen gets the business's phone number. Raises InvalidInput (`color_primary`, `logo`).
    """
    business = Organization.objects.select_for_update(no_key=True).get(id=actor.organization_id)
    config = (
        SchedulerConfig.objects.for_organization(business)
        .filter(is_default=True)
        .select_related("brand_kit")
        .first()
    )
    kit = config.brand_kit if config else BrandKit(organization=business, name=business.name[:80])
    kit.color_primary = color_primary
    if logo is not None:
        kit.logo = logo
    try:
        kit.full_clean(exclude=["organization"])
    except ValidationError as error:
        raise InvalidInput(error.message_dict) from error
    kit.save()
    if config is None:
        config = SchedulerConfig.objects.create(
            organization=business,
            name="Website",
            brand_kit=kit,
            is_default=True,
            # What the lines to copy show; further buttons are added on the widget's page.
            target_click_elements=["[data-wrkbelt-book]"],
            fallback_phone_number=business.phone_number,
        )
    audit.record(
        actor,
        "flows.widget.dressed",
        subject=audit.Subject(type="flows.schedulerconfig", id=config.id),
        new={"name": config.name, "color_primary": kit.color_primary, "logo": bool(kit.logo)},
    )
    return config
