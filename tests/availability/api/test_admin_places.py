"""`/admin/v1/locations`, `/people` and `/resources`."""

from typing import Any

import pytest

from apps.audit.models import AuditEntry
from apps.availability.models import Location, Resource, ResourceKind, SellsFrom, SlotInstance
from apps.core.ids import new_id
from apps.core.models import OutboxMessage
from tests.availability.support import at, take
from tests.factories.availability import LocationFactory, PersonFactory, SlotFactory, WeeklyRuleFactory
from tests.staff_client import StaffClient
from tests.widget_client import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> StaffClient:
    return StaffClient()


@pytest.fixture
def location(staff: StaffClient) -> Location:
    made: Location = LocationFactory.create(organization=staff.organization)
    return made


def ids(response: Any) -> list[str]:
    return [row["id"] for row in response.json()["results"]]


class TestCreatingALocation:
    def test_gives_it_its_pool_and_the_zone_of_the_business(self, staff: StaffClient) -> None:
        response = staff.post("locations", {"name": "Airport", "pool_capacity": 4})
        body = response.json()

        assert response.status_code == 201
        assert (body["name"], body["timezone"], body["sells_from"]) == ("Airport", "America/Denver", "pool")
        (pool,) = Resource.objects.filter(location_id=body["id"])
        assert (pool.kind, pool.capacity) == (ResourceKind.POOL, 4)

    def test_is_written_down_with_the_persons_name(self, staff: StaffClient) -> None:
        location_id = staff.post("locations", {"name": "Airport"}).json()["id"]

        entry = AuditEntry.objects.get(action="availability.location.created")
        assert (entry.actor_kind, entry.actor_label) == ("staff", str(staff.membership.user))
        assert str(entry.subject_id) == location_id
        assert OutboxMessage.objects.get(name="location.created").payload["location_id"] == location_id

    def test_happens_once_per_key(self, staff: StaffClient) -> None:
        first = staff.post("locations", {"name": "Airport"}, key="once")
        again = staff.post("locations", {"name": "Airport"}, key="once")
        other = staff.post("locations", {"name": "Harbour"}, key="once")

        assert (again.status_code, again.json()) == (201, first.json())
        assert again["Idempotent-Replayed"] == "true"
        assert problem(other) == (422, "IDEMPOTENCY_KEY_REUSED")
        assert Location.objects.count() == 1

    def test_needs_a_key(self, staff: StaffClient) -> None:
        assert problem(staff.post("locations", {"name": "A"}, key=None)) == (400, "IDEMPOTENCY_KEY_MISSING")

    def test_one_name_is_one_location(self, staff: StaffClient, location: Location) -> None:
        assert problem(staff.post("locations", {"name": location.name})) == (409, "LOCATION_NAME_TAKEN")

    def test_another_business_may_have_the_name(self, staff: StaffClient) -> None:
        taken = LocationFactory.create().name

        assert staff.post("locations", {"name": taken}).status_code == 201

    @pytest.mark.parametrize(
        ("field", "body"),
        [
            ("name", {}),
            ("name", {"name": " "}),
            ("name", {"name": "x" * 121}),
            ("name", {"name": "a\x00b"}),
            ("timezone", {"name": "A", "timezone": "Mars/Olympus"}),
            ("timezone", {"name": "A", "timezone": ""}),
            ("sells_from", {"name": "A", "sells_from": "air"}),
            ("phone_number", {"name": "A", "phone_number": "12"}),
            ("pool_capacity", {"name": "A", "pool_capacity": 0}),
            ("active", {"name": "A", "active": "perhaps"}),
            ("organization", {"name": "A", "organization": str(new_id())}),
            ("body", []),
        ],
    )
    def test_refuses_what_makes_no_sense(self, staff: StaffClient, field: str, body: Any) -> None:
        response = staff.call("POST", "locations", "[]" if body == [] else body)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == [field]

    def test_refuses_what_is_no_json(self, staff: StaffClient) -> None:
        assert problem(staff.post("locations", "{")) == (400, "MALFORMED_JSON")

    def test_writes_phone_numbers_as_e164(self, staff: StaffClient) -> None:
        body = {"name": "A", "phone_number": "(303) 555-0142"}

        assert staff.post("locations", body).json()["phone_number"] == "+13035550142"


class TestChangingALocation:
    def change(self, staff: StaffClient, location: Location, **values: Any) -> Any:
        return staff.patch(f"locations/{location.id}", values)

    def test_changes_what_is_named(self, staff: StaffClient, location: Location) -> None:
        response = self.change(staff, location, name="Harbour", address="1 Quay")

        assert response.status_code == 200
        assert (response.json()["name"], response.json()["timezone"]) == ("Harbour", "America/Denver")
        entry = AuditEntry.objects.get(action="availability.location.changed")
        assert entry.new == {"name": "Harbour", "address": "1 Quay"}
        assert entry.old == {"name": location.name, "address": ""}

    def test_the_same_values_again_change_nothing(self, staff: StaffClient, location: Location) -> None:
        self.change(staff, location, name=location.name)

        assert not AuditEntry.objects.exists()
        assert not OutboxMessage.objects.exists()

    def test_another_zone_moves_the_slots_and_no_visit(self, staff: StaffClient) -> None:
        person = PersonFactory.create(location__organization=staff.organization)
        WeeklyRuleFactory.create(location=person.location)
        span = {"from": "2030-01-16", "to": "2030-01-16"}
        staff.post("slots/generate", {"location_id": str(person.location_id), **span})
        before = SlotInstance.objects.order_by("start_at").first()
        assert before is not None

        self.change(staff, person.location, timezone="America/New_York")

        moved = SlotInstance.objects.filter(date="2030-01-16").order_by("start_at").first()
        assert moved is not None
        assert (before.start_at - moved.start_at).total_seconds() == 2 * 3600

    def test_a_taken_name_is_refused(self, staff: StaffClient, location: Location) -> None:
        other = LocationFactory.create(organization=staff.organization)

        assert problem(self.change(staff, location, name=other.name)) == (409, "LOCATION_NAME_TAKEN")

    def test_nothing_to_change_is_a_mistake(self, staff: StaffClient, location: Location) -> None:
        assert problem(self.change(staff, location)) == (400, "VALIDATION_ERROR")


class TestReadingLocations:
    def test_shows_hidden_ones_too(self, staff: StaffClient, location: Location) -> None:
        hidden = LocationFactory.create(organization=staff.organization, active=False)

        assert ids(staff.get("locations")) == [str(location.id), str(hidden.id)]
        assert ids(staff.get("locations", {"active": "false"})) == [str(hidden.id)]
        assert staff.get(f"locations/{hidden.id}").json()["active"] is False

    def test_refuses_filters_that_it_does_not_know(self, staff: StaffClient) -> None:
        response = staff.get("locations", {"name": "x"})

        assert problem(response) == (400, "VALIDATION_ERROR")


class TestPages:
    @pytest.fixture
    def names(self, staff: StaffClient) -> list[str]:
        return [LocationFactory.create(organization=staff.organization).name for _ in range(5)]

    def follow(self, staff: StaffClient, link: str) -> Any:
        return staff.client.get(link, headers={"Authorization": f"Bearer {staff.access}"})

    def test_lead_through_everything_once_and_back(self, staff: StaffClient, names: list[str]) -> None:
        first = staff.get("locations", {"page_size": 2})
        second = self.follow(staff, first.json()["next"])
        third = self.follow(staff, second.json()["next"])

        seen = [row["name"] for page in (first, second, third) for row in page.json()["results"]]
        assert seen == names
        assert first.json()["previous"] is None
        assert third.json()["next"] is None
        assert self.follow(staff, third.json()["previous"]).json()["results"] == second.json()["results"]

    def test_are_not_moved_by_what_comes_and_goes(self, staff: StaffClient, names: list[str]) -> None:
        first = staff.get("locations", {"page_size": 2})
        Location.objects.filter(name=names[0]).delete()
        LocationFactory.create(organization=staff.organization, name="0 first by name")

        second = self.follow(staff, first.json()["next"])

        assert [row["name"] for row in second.json()["results"]] == names[2:4]

    @pytest.mark.parametrize(
        "query",
        [
            {"cursor": "x"},
            {"cursor": "cD0x"},  # p=1: a position that is no id
            {"cursor": "cD0lMDA="},  # p=%00
            {"cursor": "é"},
            {"page_size": "0"},
            {"page_size": "201"},
            {"page_size": "all"},
        ],
    )
    def test_refuse_cursors_and_sizes_that_are_none(
        self, staff: StaffClient, names: list[str], query: dict[str, str]
    ) -> None:
        response = staff.get("locations", query)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == list(query)

    @pytest.mark.parametrize("path", ["locations", "people", "resources", "slots"])
    def test_cost_as_many_queries_whatever_is_there(
        self, staff: StaffClient, path: str, django_assert_num_queries: Any
    ) -> None:
        for _ in range(3):
            SlotFactory.create(resource__location__organization=staff.organization)
        span = {"from": "2030-01-14", "to": "2030-01-20"} if path == "slots" else {}
        with django_assert_num_queries(2):
            assert len(staff.get(path, span).json()["results"]) == 3


class TestPeople:
    def test_a_new_one_works_the_hours_of_the_location_at_once(
        self, staff: StaffClient, location: Location
    ) -> None:
        WeeklyRuleFactory.create(location=location)

        response = staff.post(
            "people",
            {"location_id": str(location.id), "name": "Maria", "skills": ["gas", "gas", "hvac"]},
        )
        body = response.json()

        assert response.status_code == 201
        assert (body["kind"], body["skills"], body["capacity"]) == ("person", ["gas", "hvac"], 1)
        assert SlotInstance.objects.filter(resource_id=body["id"]).exists()

    def test_are_found_by_location_skill_and_state(self, staff: StaffClient, location: Location) -> None:
        maria = PersonFactory.create(location=location, skills=["gas", "hvac"])
        tom = PersonFactory.create(location=location, skills=["gas"], active=False)
        elsewhere = PersonFactory.create(location__organization=staff.organization)
        PersonFactory.create(location=location, kind=ResourceKind.ROOM, skills=["gas"])

        def found(**query: Any) -> list[str]:
            return ids(staff.get("people", query))

        assert found() == [str(maria.id), str(tom.id), str(elsewhere.id)]
        assert found(location_id=location.id) == [str(maria.id), str(tom.id)]
        assert found(skill="gas") == [str(maria.id), str(tom.id)]
        assert found(skill="hvac", active="true") == [str(maria.id)]
        assert found(active="false") == [str(tom.id)]

    def test_a_room_is_no_person(self, staff: StaffClient, location: Location) -> None:
        room = PersonFactory.create(location=location, kind=ResourceKind.ROOM)

        assert problem(staff.get(f"people/{room.id}")) == (404, "NOT_FOUND")
        assert problem(staff.patch(f"people/{room.id}", {"name": "x"})) == (404, "NOT_FOUND")
        assert staff.get(f"resources/{room.id}").json()["kind"] == "room"

    def test_who_is_switched_off_loses_free_slots(self, staff: StaffClient, location: Location) -> None:
        WeeklyRuleFactory.create(location=location)
        person_id = staff.post("people", {"location_id": str(location.id), "name": "Tom"}).json()["id"]

        response = staff.patch(f"people/{person_id}", {"active": False})

        assert response.json()["active"] is False
        assert not SlotInstance.objects.filter(resource_id=person_id).exists()
        staff.patch(f"people/{person_id}", {"active": True})
        assert SlotInstance.objects.filter(resource_id=person_id).exists()

    def test_null_means_as_the_business_has_it(self, staff: StaffClient, location: Location) -> None:
        person = PersonFactory.create(location=location, buffer_after_minutes=15, daily_cap=3)

        body = staff.patch(
            f"people/{person.id}", {"buffer_after_minutes": None, "daily_cap": None, "skills": []}
        ).json()

        assert (body["buffer_after_minutes"], body["daily_cap"], body["skills"]) == (None, None, [])

    def test_a_change_makes_kept_answers_stale(self, staff: StaffClient, location: Location) -> None:
        person = PersonFactory.create(location=location)

        staff.patch(f"people/{person.id}", {"skills": ["gas"]})

        assert Resource.objects.get(id=person.id).version > person.version

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("location_id", {"location_id": "7"}),
            ("location_id", {"location_id": 7}),
            ("skills", {"skills": "gas"}),
            ("skills.0", {"skills": ["x" * 61]}),
            ("skills", {"skills": [str(number) for number in range(51)]}),
            ("capacity", {"capacity": 0}),
            ("capacity", {"capacity": 10**30}),
            ("daily_cap", {"daily_cap": 0}),
            ("buffer_before_minutes", {"buffer_before_minutes": -1}),
            ("kind", {"kind": "room"}),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, staff: StaffClient, location: Location, field: str, change: dict[str, Any]
    ) -> None:
        body = {"location_id": str(location.id), "name": "Maria", **change}
        response = staff.post("people", body)

        assert problem(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["errors"]) == [field]

    def test_a_location_that_is_not_there(self, staff: StaffClient) -> None:
        body = {"location_id": str(new_id()), "name": "Maria"}

        assert problem(staff.post("people", body)) == (404, "NOT_FOUND")


class TestResources:
    def test_every_kind_but_a_second_pool(self, staff: StaffClient, location: Location) -> None:
        def add(kind: str) -> Any:
            body = {"location_id": str(location.id), "name": kind, "kind": kind}
            return staff.post("resources", body)

        assert [add(kind).status_code for kind in ("person", "room", "equipment")] == [201, 201, 201]
        assert problem(add("pool")) == (400, "VALIDATION_ERROR")

    def test_are_found_by_kind(self, staff: StaffClient, location: Location) -> None:
        room = PersonFactory.create(location=location, kind=ResourceKind.ROOM)
        PersonFactory.create(location=location)

        assert ids(staff.get("resources", {"kind": "room"})) == [str(room.id)]
        assert problem(staff.get("resources", {"kind": "boat"})) == (400, "VALIDATION_ERROR")

    def test_a_pool_can_be_changed(self, staff: StaffClient) -> None:
        location_id = staff.post("locations", {"name": "A", "sells_from": SellsFrom.POOL}).json()["id"]
        (pool_id,) = ids(staff.get("resources", {"location_id": location_id}))

        assert staff.patch(f"resources/{pool_id}", {"buffer_after_minutes": 5}).status_code == 200


class TestCapacity:
    def test_more_is_possible_and_slots_follow(self, staff: StaffClient, location: Location) -> None:
        WeeklyRuleFactory.create(location=location, slot_capacity=3)
        person_id = staff.post("people", {"location_id": str(location.id), "name": "Maria"}).json()["id"]

        look = staff.post(f"resources/{person_id}/capacity/preview", {"capacity": 3}, key=None).json()
        response = staff.post(f"resources/{person_id}/capacity", {"capacity": 3})

        assert look["possible"] is True
        assert response.status_code == 200
        assert response.json()["resource"]["capacity"] == 3
        assert set(SlotInstance.objects.values_list("capacity", flat=True)) == {3}

    def test_fewer_than_are_booked_is_refused_with_the_moment(
        self, staff: StaffClient, location: Location
    ) -> None:
        person = PersonFactory.create(location=location, capacity=2)
        take(person, at(0), party=2)

        look = staff.post(f"resources/{person.id}/capacity/preview", {"capacity": 1}).json()
        response = staff.post(f"resources/{person.id}/capacity", {"capacity": 1})

        assert look["possible"] is False
        assert problem(response) == (409, "CAPACITY_IN_USE")
        assert response.json()["starts_at"] == "2030-01-14T17:00:00Z"

    @pytest.mark.parametrize("capacity", [0, 1001, "many", None])
    def test_refuses_what_makes_no_sense(self, staff: StaffClient, location: Location, capacity: Any) -> None:
        person = PersonFactory.create(location=location)

        response = staff.post(f"resources/{person.id}/capacity", {"capacity": capacity})

        assert problem(response) == (400, "VALIDATION_ERROR")


class TestSellsFrom:
    def test_a_switch_is_explained_and_slots_follow(self, staff: StaffClient, location: Location) -> None:
        WeeklyRuleFactory.create(location=location)
        person_id = staff.post("people", {"location_id": str(location.id), "name": "Maria"}).json()["id"]
        path = f"locations/{location.id}/sells-from"

        look = staff.post(f"{path}/preview", {"sells_from": "pool"}, key=None).json()
        response = staff.post(path, {"sells_from": "pool"})

        assert look["sentences"] == response.json()["sentences"]
        assert response.json()["location"]["sells_from"] == "pool"
        assert not SlotInstance.objects.filter(resource_id=person_id).exists()
        assert SlotInstance.objects.filter(resource__kind="pool").exists()

    def test_refuses_a_third_side(self, staff: StaffClient, location: Location) -> None:
        response = staff.post(f"locations/{location.id}/sells-from", {"sells_from": "air"})

        assert problem(response) == (400, "VALIDATION_ERROR")
