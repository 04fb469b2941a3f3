"""Flows to begin with: files in the flow format, one for each trade."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from apps.flows.portable.parsing import parse_flow_file
from apps.flows.portable.shapes import FlowDocument

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "templates"
# The name that the files have for the business's one location.
LOCATION = "Main location"
TRADES = (
    ("hvac", "Heating and cooling", "snowflake"),
    ("plumbing", "Plumbing", "droplets"),
    ("salon", "Hair and beauty", "scissors"),
    ("clinic", "Clinic", "stethoscope"),
)


@dataclass(frozen=True, slots=True)
class Template:
    """A flow to begin with."""

    key: str
    title: str
    icon: str
    document: FlowDocument

    @property
    def services(self) -> list[str]:
        """What it offers, by name."""
        return [service.title for service in self.document.content.services.values()]

    def in_currency(self, currency: str) -> FlowDocument:
        """The same, priced in another currency: figures are there to be looked at."""
        content = self.document.content
        services = {
            key: service.model_copy(update={"currency": currency})
            for key, service in content.services.items()
        }
        return self.document.model_copy(update={"content": content.model_copy(update={"services": services})})


@cache
def templates() -> tuple[Template, ...]:
    """All of them, in the order of showing."""
    return tuple(
        Template(key, title, icon, parse_flow_file((FOLDER / f"{key}.json").read_bytes()))
        for key, title, icon in TRADES
    )


def template_of(key: str) -> Template | None:
    """One by its key; None where there is no such."""
    return next((template for template in templates() if template.key == key), None)
