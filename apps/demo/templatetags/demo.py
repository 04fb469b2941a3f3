"""Numbers as people write them."""

from django import template

from apps.content.models import BookingService

register = template.Library()
MINUTES = 60
US_DIGITS = 10
DANISH_DIGITS = 8


@register.filter
def price(service: BookingService) -> str:
    """`$129`, `345 kr.`, or the note where there is no price, such as `Free estimate`."""
    if service.price is None:
        return service.price_note
    if service.currency == "DKK":
        return f"{service.price:.0f} kr."
    return f"${service.price:.2f}".removesuffix(".00")


@register.filter
def minutes(duration: int, language: str = "en") -> str:
    """`45 min`, `1 h`, `1 h 30 min`; in Danish `45 min.`, `1 t.`, `1 t. 30 min.`."""
    hours, rest = divmod(duration, MINUTES)
    if language == "da":
        parts = [f"{hours} t."] if hours else []
        return " ".join([*parts, f"{rest} min."] if rest else parts)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


@register.filter
def phone(number: str) -> str:
    """`+13035550142` → `(303) 555-0142`, `+4532123456` → `+45 32 12 34 56`; others stay as they are."""
    danish = number.removeprefix("+45")
    if danish != number and len(danish) == DANISH_DIGITS:
        return f"+45 {danish[:2]} {danish[2:4]} {danish[4:6]} {danish[6:]}"
    digits = number.removeprefix("+1")
    if number == digits or len(digits) != US_DIGITS:
        return number
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
