"""Other customers, who speak to the API without a browser."""

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from tests.e2e.conftest import Site


class Rivals:
    """People who are quicker; each call is a new one."""

    def __init__(self, site: Site, *, business: str = "summit-peak") -> None:
        self.site = site
        self.business = business
        ((self.key,),) = site.sql(
            "SELECT k.publishable_token FROM organizations_apikey k JOIN organizations_organization o"
            " ON o.id = k.organization_id WHERE k.kind = 'publishable' AND o.slug = %s",
            business,
        )

    def take_all(self, *services: str, start_at: str) -> int:
        """Hold a start with everybody who is free then for these; returns how many holds it took."""
        # As the widget asks: a start that needs a short wait between two services is shown, too.
        how = {"mode": "chain", "max_gap_minutes": 15}
        wanted = {**self._where_and_what(services), **how, "start_at": start_at}
        taken = 0
        while True:
            status, answer = self.call("/v1/holds", wanted, token=self._somebody())
            if status == HTTPStatus.CREATED:
                taken += 1
                continue
            # Perhaps at once: somebody who waits may have been offered the last of it in this very moment.
            assert answer["code"] == "SLOT_FULL", answer
            return taken

    def wait(self, *services: str, customer: dict[str, str], first_date: str, last_date: str) -> str:
        """Somebody joins the waitlist; returns the token of their link."""
        wish = {
            **self._where_and_what(services),
            "first_date": first_date,
            "last_date": last_date,
            "customer": customer,
        }
        status, answer = self.call("/v1/waitlist", wish, token=self._somebody())
        assert status == HTTPStatus.CREATED, answer
        return str(answer["manage_token"])

    def _where_and_what(self, services: Sequence[str]) -> dict[str, Any]:
        by_title = {s["content"]["title"]: s["id"] for s in self._resolved()["flow"]["services"].values()}
        ((location_id,),) = self.site.sql(
            "SELECT l.id FROM availability_location l JOIN organizations_organization o"
            " ON o.id = l.organization_id WHERE o.slug = %s ORDER BY l.name LIMIT 1",
            self.business,
        )
        return {
            "services": [{"service_id": by_title[title]} for title in services],
            "location_id": str(location_id),
        }

    def _resolved(self) -> dict[str, Any]:
        return self.call("/v1/booking-flow-routers/resolve", {"url": f"{self.site.url}/"})[1]

    def _somebody(self) -> str:
        """The session token of a new visitor."""
        resolved = self._resolved()
        started = {
            "config_id": resolved["scheduler_config"]["id"],
            "flow_version_id": resolved["flow"]["version_id"],
            "context": {},
        }
        return str(self.call("/v1/sessions", started)[1]["token"])

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
