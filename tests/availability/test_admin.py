"""Locations, team and hours in the back office: what is saved, and the times that follow."""

from typing import Any

import pytest

from apps.availability.models import AvailabilityRule, Location, Resource, ResourceKind, SlotInstance
from tests.bookings.support import book
from tests.factories.availability import PersonFactory, SlotFactory
from tests.factories.backoffice import Business, whole_business

pytestmark = pytest.mark.django_db
LOCATIONS = "/admin/availability/location/"
RULES = "/admin/availability/availabilityrule/"
TEAM = "/admin/availability/resource/"


@pytest.fixture
def acme() -> Business:
    return whole_business()


def rule(business: Business, **fields: Any) -> dict[str, Any]:
    return {
        "location": str(business.location.pk),
        "resource": str(business.person.pk),
        "rule_kind": "WEEKLY",
        "days_of_week": ["6", "7"],
        "start_time": "10:00",
        "end_time": "12:00",
        "slot_granularity_minutes": "30",
        "slot_duration_minutes": "30",
        "slot_capacity": "1",
        **fields,
    }


class TestHours:
    def test_times_follow_as_soon_as_hours_are_saved(
        self, acme: Business, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            answer = acme.client().post(f"{RULES}add/", rule(acme))

        assert answer.status_code == 302, answer.context["errors"]
        made = AvailabilityRule.objects.get(days_of_week=[6, 7])
        assert made.organization == acme.organization
        weekend = SlotInstance.objects.filter(resource=acme.person, date="2030-01-19")
        assert weekend.count() == 4

    def test_times_go_when_hours_are_deleted(
        self, acme: Business, django_capture_on_commit_callbacks: Any
    ) -> None:
        client = acme.client()
        client.post("/admin/availability/location/generate-today/")
        assert SlotInstance.objects.filter(resource=acme.person, date="2030-01-21").exists()

        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"{RULES}{AvailabilityRule.objects.get().pk}/delete/", {"post": "yes"})

        assert not SlotInstance.objects.filter(resource=acme.person, date="2030-01-21").exists()

    def test_a_closed_day_needs_no_times(self, acme: Business) -> None:
        closed = {
            "rule_kind": "EXCEPTION",
            "valid_from": "2030-12-25",
            "is_closed": "on",
            "note": "Christmas",
        }

        answer = acme.client().post(
            f"{RULES}add/", rule(acme, days_of_week=[], start_time="", end_time="", **closed)
        )

        assert answer.status_code == 302, answer.context["errors"]
        assert AvailabilityRule.objects.get(note="Christmas").days_of_week is None

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"days_of_week": []}, "days_of_week"),
            ({"rule_kind": "EXCEPTION", "days_of_week": []}, "valid_from"),
            ({"start_time": ""}, "start_time"),
        ],
    )
    def test_says_what_is_missing(self, acme: Business, wrong: dict[str, Any], field: str) -> None:
        answer = acme.client().post(f"{RULES}add/", rule(acme, **wrong))

        assert field in answer.context["adminform"].form.errors

    def test_names_the_hours_that_are_in_the_way(self, acme: Business) -> None:
        answer = acme.client().post(f"{RULES}add/", rule(acme, days_of_week=["1"]))

        (said,) = answer.context["adminform"].form.errors["start_time"]
        assert "Mon–Fri 09:00–17:00" in said

    def test_refuses_a_person_of_another_branch(self, acme: Business) -> None:
        elsewhere = PersonFactory.create(location__organization=acme.organization)

        answer = acme.client().post(f"{RULES}add/", rule(acme, resource=str(elsewhere.pk)))

        assert "resource" in answer.context["adminform"].form.errors


class TestLocations:
    def form(self, **fields: str) -> dict[str, str]:
        return {"name": "Garage", "timezone": "America/Denver", "active": "on", **fields}

    def test_one_that_sells_places_gets_its_pool(self, acme: Business) -> None:
        acme.client().post(f"{LOCATIONS}add/", self.form(sells_from="pool", pool_places="3"))

        location = Location.objects.get(name="Garage")
        pool = Resource.objects.get(location=location, kind=ResourceKind.POOL)
        assert (location.organization, pool.capacity) == (acme.organization, 3)

    def test_names_are_unique_in_a_business(self, acme: Business) -> None:
        answer = acme.client().post(f"{LOCATIONS}add/", self.form(name="Acme branch", sells_from="people"))

        assert answer.status_code == 200
        assert answer.context["errors"]

    def test_what_customers_book_stays_once_there_are_times(self, acme: Business) -> None:
        acme.client().post(f"{LOCATIONS}{acme.location.pk}/change/", self.form(sells_from="pool"))

        acme.location.refresh_from_db()
        assert (acme.location.name, acme.location.sells_from) == ("Garage", "people")

    def test_times_are_generated_after_a_question(self, acme: Business) -> None:
        client, url = acme.client(), f"{LOCATIONS}{acme.location.pk}/generate/"
        before = SlotInstance.objects.count()
        assert "Nothing that is booked is lost" in client.get(url).content.decode()
        assert SlotInstance.objects.count() == before

        client.post(url, {"_form_submitted": "1"})

        assert SlotInstance.objects.count() > before


class TestTeam:
    def test_capacity_never_falls_below_what_is_booked(self, acme: Business) -> None:
        many = PersonFactory.create(location=acme.location, capacity=3)
        slot = SlotFactory.create(resource=many, capacity=3)
        book(slot)
        book(slot)

        client = acme.client()
        client.post(f"{TEAM}{many.pk}/change/", {"name": many.name, "capacity": "1", "active": "on"})
        many.refresh_from_db()

        assert many.capacity == 3
        assert f"/admin/capacity/{many.pk}/" in client.get(f"{TEAM}{many.pk}/change/").content.decode()

    def test_skills_are_words_with_commas(self, acme: Business) -> None:
        form = {"name": "Ada", "capacity": "1", "active": "on", "skills": " gas, hvac ,gas,"}

        acme.client().post(f"{TEAM}{acme.person.pk}/change/", form)

        acme.person.refresh_from_db()
        assert acme.person.skills == ["gas", "hvac"]
