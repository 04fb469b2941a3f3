"""The pages of the businesses' own sites. They embed the widget exactly as any customer's site does."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.demo.queries import Language, find_site, salon_prices, services_by_keys, teams
from apps.demo.saks_silke.company import SAKS_SILKE
from apps.demo.summit_peak.company import SUMMIT_PEAK

# As strict as a careful customer would have it: the widget needs no inline script or style, and no eval.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)


@require_safe
def page(request: HttpRequest, template: str, services: Sequence[str] = ()) -> HttpResponse:
    """A page of Summit Peak with the named services' own texts and prices."""
    site = find_site(SUMMIT_PEAK)
    if site is None:
        return _nothing_yet(request)
    context = {
        "site": site,
        "services": services_by_keys(site, services) if services else [],
        "team": teams(site) if template == "about" else [],
    }
    return _answer(request, f"demo/{template}.html", context)


@require_safe
def salon(request: HttpRequest, template: str, language: Language = "en") -> HttpResponse:
    """A page of the salon, with its prices and its people; each is there in two languages."""
    site = find_site(SAKS_SILKE, language)
    if site is None:
        return _nothing_yet(request)
    page = "" if template == "home" else f"-{template}"
    context = {
        "site": site,
        "prices": salon_prices(site, language),
        "team": teams(site, language),
        "in_english": reverse(f"demo-salon{page}"),
        "in_danish": reverse(f"demo-salon-danish{page}"),
    }
    return _answer(request, f"demo/salon/{language}/{template}.html", context)


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    """Before the seed: how to seed."""
    return _answer(request, "demo/empty.html", {})


def _answer(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response["Cache-Control"] = "no-cache"
    return response
