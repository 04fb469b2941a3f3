"""Which strategy a service's vendor has (seed 001)."""

from collections.abc import Callable, Mapping

from apps.content.models import BookingService, VendorType
from apps.core.errors import DomainError
from apps.vendors.native import NativeStrategy
from apps.vendors.types import SchedulingStrategy

STRATEGIES: Mapping[str, Callable[[], SchedulingStrategy]] = {VendorType.NATIVE: NativeStrategy}


class VendorNotSupported(DomainError):
    """The service is booked in a system that this installation does not speak to."""

    code = "VENDOR_NOT_SUPPORTED"
    default_detail = "This service can't be booked online yet. Please call."


def strategy_of(service: BookingService) -> SchedulingStrategy:
    """The strategy of the service's vendor. Raises VendorNotSupported."""
    make = STRATEGIES.get(service.vendor_type)
    if make is None:
        raise VendorNotSupported
    return make()
