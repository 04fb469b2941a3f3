"""The public reads that the preview asks, for staff: the same views, another way to say who asks."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from apps.backoffice.preview.access import PreviewAuthentication
from apps.bookings.api.checkout_views import QuestionsView
from apps.vendors.api.views import DateTimeslotsView, MonthAvailabilityView

View = Callable[..., HttpResponseBase]


class PreviewMonth(MonthAvailabilityView):
    """What each day of a month has left."""

    authentication_classes = [PreviewAuthentication]


class PreviewTimes(DateTimeslotsView):
    """A day's times, as many as a customer at this address would be shown."""

    authentication_classes = [PreviewAuthentication]


class PreviewQuestions(QuestionsView):
    """What checkout asks for these services."""

    authentication_classes = [PreviewAuthentication]


def of_a_business(view: View) -> View:
    """The address names the organization, which its authentication reads; the view knows of none."""

    def answered(request: HttpRequest, organization_id: UUID) -> Any:  # noqa: ARG001  (the route's)
        return view(request)

    return answered
