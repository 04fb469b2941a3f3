"""What views share whose address holds the credential."""

from rest_framework.views import APIView

from apps.bookings.models import Booking
from apps.core.actors import Actor, ActorKind


class LinkView(APIView):
    """A view that needs no key: whoever has the link may use it."""

    authentication_classes = ()


def customer_of(booking: Booking) -> Actor:
    """Whoever holds a link acts as the booking's customer."""
    return Actor(
        kind=ActorKind.CUSTOMER,
        organization_id=booking.organization_id,
        id=str(booking.customer_id),
        label="Customer, by their link",
    )
