"""When an organization's settings last changed, for those who keep answers."""

from django.db import models


class SettingsVersion(models.Model):
    """Counted up by triggers when anything changes that free time rests on, apart from bookings.

    These are: the organization, its policy and API keys; locations, resources, rules; services. Time that is
    taken or freed counts up `Resource.version` instead.
    """

    organization_id = models.UUIDField(primary_key=True)
    version = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.organization_id} at {self.version}"
