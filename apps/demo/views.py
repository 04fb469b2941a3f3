"""The pages of the company's own site. They embed the widget exactly as any customer's site does."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.static import serve

from apps.demo.queries import find_site, services_by_keys, teams

# As strict as a careful customer would have it: the widget needs no inline script or style, and no eval.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)


@require_safe
def page(request: HttpRequest, template: str, services: Sequence[str] = ()) -> HttpResponse:
    """A page with the named services' own texts and prices; before the seed, a page that says how to seed."""
    site = find_site()
    if site is None:
        response = render(request, "demo/empty.html")
    else:
        context = {
            "site": site,
            "services": services_by_keys(site.organization, services) if services else [],
            "team": teams(site) if template == "about" else [],
        }
        response = render(request, f"demo/{template}.html", context)
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def brand_logo(request: HttpRequest, name: str) -> HttpResponseBase:
    """An uploaded logo. In production a bucket or a proxy serves the uploads."""
    return serve(request, name, document_root=str(settings.MEDIA_ROOT / "brand"))
