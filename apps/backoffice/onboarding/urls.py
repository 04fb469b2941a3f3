"""Where the guided start hangs."""

from django.urls import URLPattern, path

from apps.backoffice.onboarding import views


def start_urls() -> list[URLPattern]:
    """Inside the admin, with its names."""
    return [
        path("start/", views.start, name="start"),
        path("start/business/", views.business_step, name="start_business"),
        path("start/template/", views.template_step, name="start_template"),
        path("start/hours/", views.hours_step, name="start_hours"),
        path("start/brand/", views.brand_step, name="start_brand"),
        path("start/embed/", views.embed_step, name="start_embed"),
        path("start/dismiss/", views.dismiss, name="start_dismiss"),
        path("start/live/", views.live, name="start_live"),
    ]
