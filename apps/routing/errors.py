"""What can stand in the way of opening the widget."""

from http import HTTPStatus

from apps.core.errors import DomainError


class NoFlow(DomainError):
    """No rule leads this page to a published flow.

    What the widget needs to say so is in the data: the organization, the widget's
    `fallback_phone_number_screen` and its `brand_kit`, each null if there is none.
    """

    code = "NO_FLOW"
    status = HTTPStatus.NOT_FOUND
    default_detail = "Booking online is not possible on this page."
