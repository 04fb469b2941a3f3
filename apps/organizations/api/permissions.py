"""Which role may do what under `/admin/v1` (seed 003): one table; each view names the right that it needs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.api.exceptions import NotAuthenticated
from apps.organizations.api.staff_authentication import (
    StaffCaller,
    StaffTokenAuthentication,
    staff_of,
)
from apps.organizations.models import Role


class Right(StrEnum):
    """What somebody may do through the API."""

    READ = "read"  # places, people, hours, times, the calendar
    CALENDAR = "calendar"  # write time off, meetings, reminders
    ROTA = "rota"  # write hours, make times
    PLACES = "places"  # write locations, people, resources
    CUSTOMERS = "customers"  # read and write what names customers
    QUESTIONS = "questions"  # write what checkout asks


STAFF = frozenset({Role.ADMIN, Role.MANAGER, Role.SCHEDULER, Role.FRONTDESK})
RUN_THE_BUSINESS = frozenset({Role.ADMIN, Role.MANAGER})
WHO_MAY: Mapping[Right, frozenset[Role]] = {
    Right.READ: STAFF,
    Right.CALENDAR: STAFF,
    Right.ROTA: RUN_THE_BUSINESS | {Role.SCHEDULER},
    Right.PLACES: RUN_THE_BUSINESS,
    Right.CUSTOMERS: RUN_THE_BUSINESS | {Role.FRONTDESK},
    Right.QUESTIONS: RUN_THE_BUSINESS,
}


def rights_of(role: str) -> list[Right]:
    """Everything that a role may do; nothing for a customer."""
    return [right for right in Right if role in WHO_MAY[right]]


class HasRight(BasePermission):
    """Lets through who has the right that the view names for the method; an unnamed method is nobody's."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the caller's role of now has the right. Raises NotAuthenticated."""
        if not isinstance(request.auth, StaffCaller):
            raise NotAuthenticated("Sign in with POST /admin/v1/auth/token and send the access token.")
        if request.method not in view.allowed_methods:
            return True  # answered with 405 by the view itself
        rights: Mapping[str, Right] = getattr(view, "rights", {})
        right = rights.get("GET" if request.method in {"HEAD", "OPTIONS"} else str(request.method))
        return right is not None and staff_of(request).role in WHO_MAY[right]


class StaffView(APIView):
    """A view of `/admin/v1`. `rights` says which right each of its methods needs."""

    authentication_classes = [StaffTokenAuthentication]
    permission_classes = [HasRight]
    rights: ClassVar[Mapping[str, Any]] = {}
