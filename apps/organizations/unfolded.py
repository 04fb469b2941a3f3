"""unfold's admin classes and decorators, with types: the package itself ships none."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, StackedInline, TabularInline
else:
    from unfold.admin import ModelAdmin, StackedInline, TabularInline

from unfold.decorators import action as _action
from unfold.enums import ActionVariant

__all__ = ["ActionVariant", "ModelAdmin", "StackedInline", "TabularInline", "asking_action", "plain_action"]

F = TypeVar("F", bound=Callable[..., Any])


def asking_action(
    *,
    description: str,
    icon: str,
    question: str,
    consequence: str,
    confirm: str,
    url_path: str,
    permissions: Iterable[str] = ("change",),
    variant: Any = ActionVariant.DEFAULT,
    form_class: Any = None,
) -> Callable[[F], F]:
    """A button that first says what it will do, and then does it by POST; `form_class` asks for more.

    The decorated method is called as `method(request, form, object_id)`, or without the id on a list.
    """
    decorate = _action(
        description=description,
        icon=icon,
        url_path=url_path,
        permissions=list(permissions),
        variant=variant,
        dialog={
            "title": question,
            "description": consequence,
            "form_submit_text": confirm,
            "form_class": form_class,
        },
    )
    return cast("Callable[[F], F]", decorate)


def plain_action(
    *, description: str, icon: str, url_path: str, permissions: Iterable[str]
) -> Callable[[F], F]:
    """A button that only shows or downloads something: `method(request, object_id)`."""
    decorate = _action(description=description, icon=icon, url_path=url_path, permissions=list(permissions))
    return cast("Callable[[F], F]", decorate)
