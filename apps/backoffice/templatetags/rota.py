"""Words of the roster's templates."""

from django import template

register = template.Library()


@register.filter
def initials(name: str) -> str:
    """“Marta Lind” → “ML”."""
    words = [word for word in name.split() if word[:1].isalpha()]
    first_and_last = words[:1] + words[1:][-1:]
    return "".join(word[0].upper() for word in first_and_last) or "?"
