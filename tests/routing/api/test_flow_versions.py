import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.ids import new_id
from tests.factories.flows import WholeFlow, whole_flow
from tests.routing.api.support import site

pytestmark = pytest.mark.django_db


def address(version_id: object) -> str:
    return f"/v1/booking-flow-versions/{version_id}"


def rewritten(whole: WholeFlow) -> None:
    whole.selection.title = "Something new"
    whole.selection.save()


def test_is_what_was_published_whatever_comes_after() -> None:
    place = site()
    whole = whole_flow(place.organization)
    first = whole.publish()
    before = place.client.get(address(first.id))
    rewritten(whole)
    second = whole.publish()
    after = place.client.get(address(first.id))
    assert before.status_code == after.status_code == 200
    assert before.content == after.content
    assert after.json()["version"] == 1
    assert after.json()["steps"] == first.document["steps"]
    assert place.client.get(address(second.id)).json()["version"] == 2


def test_may_be_kept_for_good() -> None:
    place = site()
    version = whole_flow(place.organization).publish()
    response = place.client.get(address(version.id))
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "X-Api-Key" in response["Vary"]
    again = place.client.get(address(version.id), headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_is_the_flow_that_resolve_answers() -> None:
    place = site()
    whole = whole_flow(place.organization)
    version = whole.publish()
    whole.flow.refresh_from_db()
    whole.flow.routers.create(organization=place.organization, is_default=True, path_match="any")
    assert place.resolve("/").json()["flow"] == place.client.get(address(version.id)).json()


def test_of_another_business_does_not_exist() -> None:
    place = site()
    foreign = whole_flow().publish()
    for unknown in (foreign.id, new_id()):
        response = place.client.get(address(unknown))
        assert (response.status_code, response.json()["code"]) == (404, "NOT_FOUND")


def test_costs_no_look_at_the_document_the_second_time() -> None:
    place = site()
    version = whole_flow(place.organization).publish()
    place.client.get(address(version.id))
    with CaptureQueriesContext(connection) as queries:
        place.client.get(address(version.id))
    assert not [query for query in queries if "flows_flowversion" in query["sql"]]
