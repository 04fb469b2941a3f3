"""Locations by name, as flows ask for them when a file names some."""

from uuid import UUID

from apps.availability.models import Location


def location_names(organization_id: UUID) -> dict[UUID, str]:
    """The names of an organization's locations, by id."""
    return dict(Location.objects.for_organization(organization_id).values_list("id", "name"))
