"""Summit Peak Home Services: plumbing, heating, cooling and electrical work in two cities."""

from pathlib import Path

from django.conf import settings

from apps.demo.machinery.business import Business, Login, Look, Route
from apps.demo.summit_peak.branches import BRANCHES, PHONE
from apps.demo.summit_peak.catalogue import SERVICES
from apps.demo.summit_peak.flows import MAIN, PLUMBER
from apps.demo.summit_peak.holidays import holidays_of
from apps.demo.summit_peak.questions import CATEGORIES, QUESTIONS
from apps.organizations.models import Role

LOOK = Look(
    name="Summit Peak",
    logo=settings.BASE_DIR / "fixtures" / "demo" / "summit-peak-logo.png",
    kit={
        "color_primary": "#0B5563",
        "color_secondary": "#0B2A45",
        "color_accent": "#C2410C",
        "color_surface": "#FFFFFF",
        "color_text": "#10243A",
        "color_muted": "#526273",
        "color_danger": "#B42318",
        "color_success": "#17693F",
        "radius_px": 14,
        "font_family": "Inter, 'Segoe UI', system-ui, sans-serif",
    },
    fallback_title="Call us to book",
    fallback_description="Online booking is taking a break. Our front desk answers day and night.",
)
LOGINS = (
    Login(
        title="Platform owner",
        first_name="Robin",
        last_name="Hale",
        email="owner@wrkbelt.example",
        phrase="owner-demo",
        role=None,
    ),
    Login(
        title="Business admin",
        first_name="Dana",
        last_name="Whitfield",
        email="admin@summitpeak.example",
        phrase="admin-demo",
        role=Role.ADMIN,
    ),
    Login(
        title="Front desk",
        first_name="Sam",
        last_name="Okafor",
        email="frontdesk@summitpeak.example",
        phrase="frontdesk-demo",
        role=Role.FRONTDESK,
    ),
    Login(
        title="Scheduler",
        first_name="Priya",
        last_name="Natarajan",
        email="scheduler@summitpeak.example",
        phrase="scheduler-demo",
        role=Role.SCHEDULER,
    ),
)
SUMMIT_PEAK = Business(
    package=Path(__file__).parent,
    slug="summit-peak",
    name="Summit Peak Home Services",
    phone=PHONE,
    timezone="America/Denver",
    country="US",
    locale="en-US",
    currency="USD",
    policy={
        "booking_hold_minutes": 10,
        "cart_hold_minutes": 5,
        "minimum_notice_minutes": 120,
        "horizon_days": 60,
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 15,
    },
    start_every_minutes=30,
    branches=BRANCHES,
    holidays=holidays_of,
    services=SERVICES,
    categories=CATEGORIES,
    questions=QUESTIONS,
    flows=(MAIN, PLUMBER),
    routes=(
        Route(key="plumbing", flow="plumbing", priority=10, path="/plumbing"),
        Route(key="default", flow="main"),
    ),
    look=LOOK,
    logins=LOGINS,
)
