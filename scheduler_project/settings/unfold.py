"""The back office's looks: names, colours, menu. Texts and pages are in apps/backoffice."""

from typing import Any

from django.templatetags.static import static


def logo(_request: Any) -> str:
    """Our mark."""
    return static("backoffice/mark.svg")


def stylesheet(_request: Any) -> str:
    """What unfold's own styles lack."""
    return static("backoffice/backoffice.css")


def script(_request: Any) -> str:
    """Copy buttons and repeating rows."""
    return static("backoffice/backoffice.js")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Wrkbelt Scheduler",
    "SITE_HEADER": "Wrkbelt Scheduler",
    "SITE_SUBHEADER": "Back office",
    "SITE_URL": None,
    "SITE_ICON": logo,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": logo}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "STYLES": [stylesheet],
    "SCRIPTS": [script],
    "LOGIN": {"form": "apps.organizations.login_form.LoginForm"},
    "DASHBOARD_CALLBACK": "apps.backoffice.dashboard.dashboard",
    # A calm blue that keeps 4.5:1 on white from 600 on, and on the dark ground up to 400.
    "COLORS": {
        "base": {
            "50": "oklch(98.4% .003 247.9)",
            "100": "oklch(96.8% .007 247.9)",
            "200": "oklch(92.9% .013 255.5)",
            "300": "oklch(86.9% .022 252.9)",
            "400": "oklch(70.4% .04 256.8)",
            "500": "oklch(55.4% .046 257.4)",
            "600": "oklch(44.6% .043 257.3)",
            "700": "oklch(37.2% .044 257.3)",
            "800": "oklch(27.9% .041 260)",
            "900": "oklch(20.8% .042 265.8)",
            "950": "oklch(12.9% .042 264.7)",
        },
        "primary": {
            "50": "oklch(97% .014 250)",
            "100": "oklch(93.5% .03 250)",
            "200": "oklch(88% .06 250)",
            "300": "oklch(80% .1 250)",
            "400": "oklch(70% .14 252)",
            "500": "oklch(60% .16 254)",
            "600": "oklch(51% .16 256)",
            "700": "oklch(44% .145 257)",
            "800": "oklch(38% .12 258)",
            "900": "oklch(33% .095 258)",
            "950": "oklch(25% .07 260)",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "apps.backoffice.navigation.sidebar",
    },
}
