import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.factories.flows import SchedulerConfigFactory
from tests.routing.api.support import TRIGGERS, site

pytestmark = pytest.mark.django_db


class TestButtonTriggers:
    def test_lists_the_selectors_of_every_widget(self) -> None:
        place = site(target_click_elements=["#book-now", ".cta"])
        popup = SchedulerConfigFactory.create(
            organization=place.organization, target_click_elements=[".cta", "#sale"]
        )
        SchedulerConfigFactory.create(target_click_elements=["#theirs"])
        assert place.client.get(TRIGGERS).json() == {
            "triggers": [
                {"selector": "#book-now", "config_id": str(place.config.id)},
                {"selector": ".cta", "config_id": str(place.config.id)},
                {"selector": "#sale", "config_id": str(popup.id)},
            ]
        }

    def test_of_a_business_without_buttons_is_empty(self) -> None:
        assert site().client.get(TRIGGERS).json() == {"triggers": []}

    def test_what_the_caller_has_is_not_sent_again(self) -> None:
        place = site()
        etag = place.client.get(TRIGGERS)["ETag"]
        assert place.client.get(TRIGGERS, headers={"If-None-Match": etag}).status_code == 304

    def test_takes_one_query_that_of_the_key(self) -> None:
        place = site()
        SchedulerConfigFactory.create_batch(10, organization=place.organization)
        client = place.client
        client.get(TRIGGERS)  # so that the key is known
        with CaptureQueriesContext(connection) as captured:
            client.get(TRIGGERS)
        assert len(captured) == 1

    def test_needs_a_key(self) -> None:
        assert APIClient().get(TRIGGERS).json()["code"] == "INVALID_API_KEY"
