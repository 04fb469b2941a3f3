"""How the widget looks on the company's site, where it opens, and which page opens which flow."""

from collections.abc import Mapping

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from apps.demo.rows import Rows, stable_id
from apps.demo.summit_peak.business import PHONE, SLUG
from apps.flows.models import BookingFlow, BrandKit, SchedulerConfig
from apps.organizations.models import Organization
from apps.routing.models import BookingFlowRouter, PathMatch

LOGO = settings.BASE_DIR / "fixtures" / "demo" / "summit-peak-logo.png"
LOGO_NAME = "brand/summit-peak-logo.png"
TRIGGERS = ["[data-wrkbelt-book]", "#book-now", "a[href='#book']"]


def write_appearance(rows: Rows, organization: Organization) -> SchedulerConfig:
    """The brand kit, and the widget of the company's site."""
    kit = rows.keep(
        BrandKit.objects.for_organization(organization),
        key={"id": stable_id(SLUG, "brand-kit")},
        organization=organization,
        name="Summit Peak",
        logo=_stored_logo(),
        color_primary="#0B5563",
        color_secondary="#0B2A45",
        color_accent="#C2410C",
        color_surface="#FFFFFF",
        color_text="#10243A",
        color_muted="#526273",
        color_danger="#B42318",
        color_success="#17693F",
        radius_px=14,
        font_family="Inter, 'Segoe UI', system-ui, sans-serif",
    )
    return rows.keep(
        SchedulerConfig.objects.for_organization(organization),
        key={"id": stable_id(SLUG, "widget")},
        organization=organization,
        name="Website",
        brand_kit=kit,
        is_default=True,
        target_click_elements=TRIGGERS,
        fallback_phone_number=PHONE,
        fallback_title="Call us to book",
        fallback_description="Online booking is taking a break. Our front desk answers day and night.",
        fallback_icon="phone",
    )


def write_routing(
    rows: Rows, organization: Organization, flows: Mapping[str, BookingFlow], config: SchedulerConfig
) -> None:
    """The plumbing page opens the short flow, every other page the whole one."""
    routers = BookingFlowRouter.objects.for_organization(organization)
    rows.keep(
        routers,
        key={"id": stable_id(SLUG, "route", "plumbing")},
        organization=organization,
        scheduler_config=config,
        flow=flows["plumbing"],
        priority=10,
        path_match=PathMatch.PREFIX,
        path="/plumbing",
        active=True,
    )
    rows.keep(
        routers,
        key={"id": stable_id(SLUG, "route", "default")},
        organization=organization,
        flow=flows["main"],
        path_match=PathMatch.ANY,
        is_default=True,
        active=True,
    )


def _stored_logo() -> str:
    """The logo's name in the storage of uploads; it is uploaded where it is missing."""
    if not default_storage.exists(LOGO_NAME):
        with LOGO.open("rb") as logo:
            default_storage.save(LOGO_NAME, File(logo))
    return LOGO_NAME
