"""What answers when no view does: the API speaks problem+json there, too; pages get Django's own."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from apps.core.api.exceptions import PROBLEM_TYPE, problem_of
from apps.core.errors import DomainError, NotFound

API_PREFIXES = ("/v1/", "/admin/v1/")


class InternalError(DomainError):
    """Something of ours broke; the log knows it by the request's id."""

    code = "INTERNAL_ERROR"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    default_detail = "Something broke on our side. Try again; if it stays, tell us the request_id."


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: an address that does not exist."""
    if _is_api(request):
        return _problem(NotFound("There is no such address."))
    return defaults.page_not_found(request, exception)


def no_such_address(request: HttpRequest, address: str) -> HttpResponse:  # noqa: ARG001  (the route's)
    """A view for what is left of the API's addresses."""
    return _problem(NotFound("There is no such address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: an exception that nobody explained."""
    return _problem(InternalError()) if _is_api(request) else defaults.server_error(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIXES)


def _problem(error: DomainError) -> HttpResponse:
    return JsonResponse(problem_of(error), status=int(error.status), content_type=PROBLEM_TYPE)
