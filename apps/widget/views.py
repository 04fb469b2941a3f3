"""The widget's files at the site's root, where embed codes look for them, and the pages behind links."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.static import serve

from apps.widget.assets import ENTRY_FILES, KEEP_FOR_GOOD, caching_of, read_asset, script_url

SCRIPT = "text/javascript; charset=utf-8"
NOT_BUILT = "The booking widget has not been built. Run: make widget\n"
# Logos may lie in a bucket; everything else is ours.
LINK_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: https:; style-src 'self'; object-src 'none'; base-uri 'none';"
    " frame-ancestors 'none'; form-action 'none'"
)
GONE = "There is no such file. The page was loaded before the last build: reload it.\n"


@require_safe
def entry_file(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001  (Django's signature)
    """`/scheduler.js` and the two files that say which build it leads to; never cached."""
    contents = read_asset(name)
    if contents is None:
        return _words(NOT_BUILT, HTTPStatus.SERVICE_UNAVAILABLE)
    return _file(contents, ENTRY_FILES[name], caching_of(name))


@require_safe
def hashed_file(request: HttpRequest, build: str, name: str) -> HttpResponse:  # noqa: ARG001  (Django's)
    """A part of one build, for pages that name another API base and so look beside the script."""
    path = f"{build}/js/{name}"
    contents = read_asset(path)
    if contents is None:
        return _words(GONE, HTTPStatus.NOT_FOUND)
    return _file(contents, SCRIPT, caching_of(path))


@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponseBase:
    """A brand kit's logo where uploads lie on this machine; a bucket serves its own.

    Its name is never used twice. Whatever it holds, a browser takes it for a picture or for nothing.
    """
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT / "brand"))
    response["Cache-Control"] = KEEP_FOR_GOOD
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def link_page(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001  (read by the page itself)
    """What a customer's link opens: a page that reads the token from its address and asks the API.

    The address is the credential, so it goes to nobody: no referrer, no cache, no search engine.
    """
    script = script_url("pages")
    if script is None:
        return _words(NOT_BUILT, HTTPStatus.SERVICE_UNAVAILABLE)
    response = render(request, "widget/page.html", {"script": script})
    response["Content-Security-Policy"] = LINK_PAGE_POLICY
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _file(contents: bytes, content_type: str, caching: str, status: int = HTTPStatus.OK) -> HttpResponse:
    response = HttpResponse(contents, content_type=content_type, status=status)
    response["Cache-Control"] = caching
    # Every business's pages load these from their own origin; there is nothing private in them.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _words(message: str, status: int) -> HttpResponse:
    return _file(message.encode(), "text/plain; charset=utf-8", "no-store", status)
