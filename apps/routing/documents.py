"""What `resolve` says about an organization, its widgets, their looks and a flow, as the API sends it."""

from typing import Any
from urllib.parse import urljoin

from apps.flows.models import BrandKit, SchedulerConfig
from apps.organizations.models import Organization


def organization_json(organization: Organization) -> dict[str, Any]:
    """What the widget may know of a business."""
    return {
        "id": str(organization.id),
        "name": organization.name,
        "timezone": organization.timezone,
        "locale": organization.locale,
        "country": organization.country,
        "currency": organization.currency,
        "phone_number": organization.phone_number,
        "waitlist_open": organization.policy.waitlist_open,
    }


def config_json(config: SchedulerConfig) -> dict[str, Any]:
    """One widget."""
    return {
        "id": str(config.id),
        "name": config.name,
        "target_click_elements": config.target_click_elements,
        "fallback_phone_number_screen": config.fallback_screen(),
    }


def brand_kit_json(kit: BrandKit, base_url: str) -> dict[str, Any]:
    """How the widget looks; the logo's address is absolute, as the page is on another site."""
    colors, dark_colors = kit.worn_colors()
    return {
        "name": kit.name,
        "logo_url": urljoin(base_url, kit.logo.url) if kit.logo else None,
        "colors": colors,
        "dark_colors": dark_colors,
        "radius_px": kit.radius_px,
        "font_family": kit.font_family,
        "mode": kit.mode,
    }
