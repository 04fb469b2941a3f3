"""A business with a widget and a key, as its page sees it."""

from dataclasses import dataclass
from typing import Any

from rest_framework.test import APIClient

from apps.flows.models import SchedulerConfig
from apps.organizations.models import ApiKey, Organization
from tests.factories.flows import SchedulerConfigFactory
from tests.factories.organizations import ApiKeyFactory, OrganizationFactory

RESOLVE = "/v1/booking-flow-routers/resolve"
TRIGGERS = "/v1/booking-flow-routers/button-triggers"


@dataclass(frozen=True)
class Site:
    organization: Organization
    config: SchedulerConfig
    key: ApiKey

    @property
    def client(self) -> APIClient:
        """A client that sends the key, as a page on the list does."""
        return APIClient(
            headers={"X-Api-Key": self.key.publishable_token, "Origin": "https://www.example.com"}
        )

    def resolve(self, path: str = "/", **body: Any) -> Any:
        """POST …/resolve for a page of the site."""
        body = {"url": f"https://www.example.com{path}", **body}
        return self.client.post(RESOLVE, body, format="json")


def site(**config: Any) -> Site:
    """A business with one widget."""
    organization = OrganizationFactory.create()
    return Site(
        organization=organization,
        config=SchedulerConfigFactory.create(organization=organization, is_default=True, **config),
        key=ApiKeyFactory.create(organization=organization),
    )
