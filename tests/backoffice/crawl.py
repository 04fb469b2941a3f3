"""Every address of the back office, from the resolver itself, and whose row each of its ids names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.urls import URLResolver

from apps.availability.models import AvailabilityRule, CalendarEvent, Location, Resource, TimeOff
from apps.flows.models import BookingFlow, BookingFlowStep, FlowVersion
from apps.organizations import tenant_admin
from apps.organizations.models import Membership, Organization, User

# Whose row an id in an address names. A new page with an id of another name must be entered here.
PARAMETERS: dict[str, type[models.Model]] = {
    "event_id": CalendarEvent,
    "flow_id": BookingFlow,
    "flow_version_id": FlowVersion,
    "id": User,
    "location_id": Location,
    "organization_id": Organization,
    "resource_id": Resource,
    "rule_id": AvailabilityRule,
    "step_id": BookingFlowStep,
    "time_off_id": TimeOff,
    "version_id": FlowVersion,
}
# Django's own: signing in, its texts for scripts, links that no model of ours has.
NO_PAGES = {
    "login",
    "logout",
    "jsi18n",
    "password_change",
    "password_change_done",
    "view_on_site",
    "app_list",
}
# Parts of addresses that name no row, and what to put there.
NO_IDS = {"number": "1", "kind": "csv"}
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """A pattern such as `availability/location/<path:object_id>/change/`."""

    route: str
    name: str | None

    @property
    def parameters(self) -> list[str]:
        """The names of the ids in it."""
        return [name for name in _PARAMETER.findall(self.route) if name not in NO_IDS]

    def model_of(self, parameter: str) -> type[models.Model]:
        """Whose row an id names; KeyError where nobody has said it yet."""
        model: type[models.Model]
        if parameter == "object_id":
            label, name = self.route.split("/")[:2]
            model = apps.get_model(label, name)
            return model
        return PARAMETERS[parameter]

    def url(self, ids: dict[str, Any]) -> str:
        """The address with these ids in it."""
        return "/admin/" + _PARAMETER.sub(lambda found: str({**NO_IDS, **ids}[found[1]]), self.route)


def addresses() -> list[Address]:
    """All of them but Django's own."""
    found = (Address(route, name) for route, name in _walk(admin.site.urls[0], ""))
    return [each for each in found if each.name not in NO_PAGES and "(?P<url>" not in each.route]


def _walk(patterns: Any, prefix: str) -> Iterator[tuple[str, str | None]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route, pattern.name


def rows_of(model: type[models.Model], organization_id: UUID) -> list[Any]:
    """A model's rows that belong to an organization; people by their memberships."""
    if model is User:
        return [
            m.user for m in Membership.objects.filter(organization_id=organization_id).select_related("user")
        ]
    try:
        lookup = tenant_admin.organization_lookup_of(model)
    except ImproperlyConfigured:
        return []
    return list(model._default_manager.filter(**{lookup: organization_id}))


def everything_of(organization_id: UUID) -> dict[tuple[str, Any], dict[str, Any]]:
    """Every stored value of an organization, to compare before and after."""
    return {
        (model._meta.label, row.pk): {
            field.attname: getattr(row, field.attname) for field in row._meta.fields
        }
        for model in apps.get_models()
        for row in rows_of(model, organization_id)
    }
