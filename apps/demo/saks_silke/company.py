"""Saks & Silke: a hair salon in Copenhagen where students and masters share a visit."""

from pathlib import Path

from django.conf import settings

from apps.demo.machinery.business import Business, Login, Look, Route
from apps.demo.saks_silke import danish_flow
from apps.demo.saks_silke.branches import NORREBRO, PHONE
from apps.demo.saks_silke.catalogue import SERVICES
from apps.demo.saks_silke.conversation import ASKED, CATEGORIES, QUESTIONS
from apps.demo.saks_silke.flow import VISIT
from apps.demo.saks_silke.holidays import holidays_of
from apps.organizations.models import Role

LOOK = Look(
    name="Saks & Silke",
    logo=settings.BASE_DIR / "fixtures" / "demo" / "saks-silke-logo.png",
    kit={
        "color_primary": "#7A2E3A",
        "color_secondary": "#2B2622",
        "color_accent": "#9A6B1F",
        "color_surface": "#FFFCF8",
        "color_text": "#2B2622",
        "color_muted": "#6B615A",
        "color_danger": "#A3231C",
        "color_success": "#3C6440",
        "radius_px": 4,
        "font_family": "'Avenir Next', Avenir, 'Century Gothic', 'Segoe UI', sans-serif",
    },
    fallback_title="Call us",
    fallback_description="Online booking is taking a break. We answer while we are open.",
)
LOGINS = (
    Login(
        title="Salon: admin",
        first_name="Astrid",
        last_name="Vinther",
        email="admin@sakssilke.example",
        phrase="salon-admin-demo",
        role=Role.ADMIN,
    ),
    Login(
        title="Salon: front desk",
        first_name="Jonas",
        last_name="Riis",
        email="frontdesk@sakssilke.example",
        phrase="salon-desk-demo",
        role=Role.FRONTDESK,
    ),
)
SAKS_SILKE = Business(
    package=Path(__file__).parent,
    slug="saks-silke",
    name="Saks & Silke",
    phone=PHONE,
    timezone="Europe/Copenhagen",
    country="DK",
    locale="en-DK",
    currency="DKK",
    policy={
        "booking_hold_minutes": 8,
        "cart_hold_minutes": 5,
        "minimum_notice_minutes": 60,
        "horizon_days": 60,
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 0,
    },
    start_every_minutes=15,
    branches=(NORREBRO,),
    holidays=holidays_of,
    services=SERVICES,
    categories={**CATEGORIES, **danish_flow.CATEGORIES},
    questions={**QUESTIONS, **danish_flow.QUESTIONS},
    asked=ASKED,
    flows=(VISIT, danish_flow.VISIT),
    routes=(
        Route(key="danish", flow="visit-danish", priority=1, path="/demo/salon/da"),
        Route(key="default", flow="visit"),
    ),
    look=LOOK,
    logins=LOGINS,
)
