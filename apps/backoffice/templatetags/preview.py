"""Where scripts of the widget's build are, for pages of the back office."""

from django import template

from apps.widget.assets import script_url

register = template.Library()


@register.simple_tag
def widget_script(name: str) -> str | None:
    """The address of a script by its name in the manifest; None before a build."""
    return script_url(name)
