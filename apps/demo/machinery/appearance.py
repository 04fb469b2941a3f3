"""How the widget looks on a business's site, where it opens, and which page opens which flow."""

from collections.abc import Mapping
from pathlib import Path

from django.core.files import File

from apps.demo.machinery.business import Business
from apps.demo.machinery.rows import Rows, stable_id
from apps.flows.logos import FOLDER, logo_storage
from apps.flows.models import BookingFlow, BrandKit, SchedulerConfig
from apps.organizations.models import Organization
from apps.routing.models import BookingFlowRouter

TRIGGERS = ["[data-wrkbelt-book]", "#book-now", "a[href='#book']"]


def write_appearance(rows: Rows, business: Business, organization: Organization) -> SchedulerConfig:
    """The brand kit, and the widget of the business's site."""
    look = business.look
    kit = rows.keep(
        BrandKit.objects.for_organization(organization),
        key={"id": stable_id(business.slug, "brand-kit")},
        organization=organization,
        name=look.name,
        logo=_stored_logo(look.logo),
        **look.kit,
    )
    return rows.keep(
        SchedulerConfig.objects.for_organization(organization),
        key={"id": stable_id(business.slug, "widget")},
        organization=organization,
        name="Website",
        brand_kit=kit,
        is_default=True,
        target_click_elements=TRIGGERS,
        fallback_phone_number=business.phone,
        fallback_title=look.fallback_title,
        fallback_description=look.fallback_description,
        fallback_icon="phone",
    )


def write_routing(
    rows: Rows,
    business: Business,
    organization: Organization,
    flows: Mapping[str, BookingFlow],
    config: SchedulerConfig,
) -> None:
    """Which page opens which flow."""
    for route in business.routes:
        named = {"scheduler_config": config, "priority": route.priority, "path": route.path}
        rows.keep(
            BookingFlowRouter.objects.for_organization(organization),
            key={"id": stable_id(business.slug, "route", route.key)},
            organization=organization,
            flow=flows[route.flow],
            path_match=route.path_match,
            is_default=not route.path,
            active=True,
            **(named if route.path else {}),
        )


def _stored_logo(logo: Path) -> str:
    """The logo's name in the storage of uploads; it is uploaded where it is missing."""
    name = f"{FOLDER}{logo.name}"
    if not logo_storage().exists(name):
        with logo.open("rb") as file:
            logo_storage().save(name, File(file))
    return name
