"""Other customers, who speak to the API without a browser."""

import json
import urllib.error
import urllib.request
import uuid
from typing import Any

from tests.e2e.conftest import Site


class Rivals:
    """People who are quicker; each call is a new one."""

    def __init__(self, site: Site) -> None:
        self.site = site
        ((self.key,),) = site.sql(
            "SELECT k.publishable_token FROM organizations_apikey k JOIN organizations_organization o"
            " ON o.id = k.organization_id WHERE k.kind = 'publishable' AND o.slug = 'summit-peak'"
        )

    def take_all(self, *, service: str, start_at: str) -> int:
        """Hold a start in Denver with everybody who is free then; returns how many they were."""
        resolved = self.call("/v1/booking-flow-routers/resolve", {"url": f"{self.site.url}/"})[1]
        services = resolved["flow"]["services"].values()
        service_id = next(s["id"] for s in services if s["content"]["title"] == service)
        location_id = str(self.site.sql("SELECT id FROM availability_location WHERE name = 'Denver'")[0][0])
        started = {
            "config_id": resolved["scheduler_config"]["id"],
            "flow_version_id": resolved["flow"]["version_id"],
            "context": {},
        }
        taken = 0
        while True:
            token = self.call("/v1/sessions", started)[1]["token"]
            wanted = {"service_id": service_id, "location_id": location_id, "start_at": start_at}
            status, _ = self.call("/v1/holds", wanted, token=token)
            if status != 201:
                return taken
            taken += 1

    def call(self, path: str, body: dict[str, Any], *, token: str = "") -> tuple[int, dict[str, Any]]:
        """A POST; the status and the answer."""
        request = urllib.request.Request(  # noqa: S310  (our own server)
            self.site.url + path,
            data=json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Origin": self.site.url,
                "X-Api-Key": self.key,
                "X-Session-Token": token,
                "Idempotency-Key": str(uuid.uuid4()),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
                return response.status, json.load(response)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)
