"""Locations, team and hours in the back office: one command a save, seen before it is done."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from apps.audit.models import AuditEntry
from apps.availability.models import AvailabilityRule, Location, Resource, ResourceKind, SlotInstance
from apps.core.models import OutboxMessage
from apps.organizations.models import Role
from tests.bookings.support import book
from tests.factories.availability import PersonFactory, SlotFactory, WeeklyRuleFactory
from tests.factories.backoffice import Business, whole_business

# The commands are durable: they only run where the page has not opened a transaction around them.
pytestmark = pytest.mark.django_db(transaction=True)
LOCATIONS = "/admin/availability/location/"
RULES = "/admin/availability/availabilityrule/"
TEAM = "/admin/availability/resource/"
HIDDEN = re.compile(r'<input type="hidden" name="(seen_version|looked)" value="([^"]*)">')


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


def hidden(answer: Any) -> dict[str, str]:
    """What the page remembers: which version it shows, and what has been looked at."""
    return dict(HIDDEN.findall(answer.content.decode()))


def save(client: Client, url: str, form: dict[str, Any]) -> Any:
    """Send a form as a person does: once more where the page first says what it would mean."""
    answer = client.post(url, form)
    if answer.status_code == 200 and "looked" in hidden(answer):
        return client.post(url, {**form, **hidden(answer)})
    return answer


def said(answer: Any, field: str | None = None) -> str:
    errors = answer.context["adminform"].form.errors
    return " ".join(errors.get(field or "__all__", []))


class TestHours:
    def test_are_shown_with_what_they_mean_before_they_are_saved(self, acme: Business) -> None:
        client, before = acme.client(), AvailabilityRule.objects.count()

        look = client.post(f"{RULES}add/", rule(acme))

        assert AvailabilityRule.objects.count() == before
        assert "Nothing is saved yet." in look.content.decode()
        assert look.context["preview"].added == 4 * 8  # four weekends of half hours from ten to twelve
        assert look.context["errors"] == []
        assert client.post(f"{RULES}add/", {**rule(acme), **hidden(look)}).status_code == 302

    def test_a_look_is_good_for_what_was_looked_at(self, acme: Business) -> None:
        client = acme.client()
        look = client.post(f"{RULES}add/", rule(acme))

        other = client.post(f"{RULES}add/", {**rule(acme, end_time="15:00"), **hidden(look)})

        assert "Nothing is saved yet." in other.content.decode()

    def test_a_note_alone_needs_no_look(self, acme: Business) -> None:
        row = AvailabilityRule.objects.get()

        answer = acme.client().post(
            f"{RULES}{row.pk}/change/",
            rule(acme, days_of_week=list("12345"), start_time="09:00", end_time="17:00", note="Usual"),
        )

        row.refresh_from_db()
        assert (answer.status_code, row.note) == (302, "Usual")

    def test_the_list_says_dates_as_people_do(self, acme: Business) -> None:
        WeeklyRuleFactory.create(
            location=acme.location,
            rule_kind="EXCEPTION",
            days_of_week=None,
            valid_from="2030-07-04",
            valid_to="2030-07-04",
            is_closed=True,
        )
        WeeklyRuleFactory.create(
            location=acme.location, rule_kind="DATE_RANGE", days_of_week=None, valid_from="2030-06-01"
        )

        listed = acme.client().get(RULES).content.decode()

        assert "Thu 4 Jul 2030" in listed
        assert "Sat 1 Jun 2030 – …" in listed
        assert listed.count("Every day") == 1  # an exception of one day speaks of that day only

    def test_times_follow_and_the_log_and_the_outbox_know(self, acme: Business) -> None:
        answer = save(acme.client(), f"{RULES}add/", rule(acme))

        assert answer.status_code == 302
        made = AvailabilityRule.objects.get(days_of_week=[6, 7])
        assert made.organization == acme.organization
        assert SlotInstance.objects.filter(resource=acme.person, date="2030-01-19").count() == 4
        entry = AuditEntry.objects.get(action="availability.rule.added")
        assert (entry.subject_id, entry.actor_kind) == (made.pk, "staff")
        assert OutboxMessage.objects.filter(payload__rule_ids=[str(made.pk)]).count() == 1
        assert not AuditEntry.objects.filter(action="availability.availabilityrule.added").exists()

    def test_times_go_when_hours_are_deleted(self, acme: Business) -> None:
        client, row = acme.client(), AvailabilityRule.objects.get()
        client.post("/admin/availability/location/generate-today/")
        assert SlotInstance.objects.filter(resource=acme.person, date="2030-01-21").exists()

        client.post(f"{RULES}{row.pk}/delete/", {"post": "yes"})

        assert not SlotInstance.objects.filter(resource=acme.person, date="2030-01-21").exists()
        assert AuditEntry.objects.filter(action="availability.rule.removed", subject_id=row.pk).exists()

    def test_several_are_deleted_one_by_one(self, acme: Business) -> None:
        more = WeeklyRuleFactory.create(location=acme.location, days_of_week=[6])
        rows = [AvailabilityRule.objects.exclude(pk=more.pk).get(), more]
        chosen = {"action": "delete_selected", "_selected_action": [str(row.pk) for row in rows]}

        acme.client().post(RULES, {**chosen, "post": "yes"})

        assert not AvailabilityRule.objects.exists()
        assert AuditEntry.objects.filter(action="availability.rule.removed").count() == 2

    def test_a_closed_day_needs_no_times(self, acme: Business) -> None:
        closed = {
            "rule_kind": "EXCEPTION",
            "valid_from": "2030-12-25",
            "is_closed": "on",
            "note": "Christmas",
        }

        answer = save(
            acme.client(),
            f"{RULES}add/",
            rule(acme, days_of_week=[], start_time="", end_time="", **closed),
        )

        assert answer.status_code == 302, answer.context["errors"]
        assert AvailabilityRule.objects.get(note="Christmas").days_of_week is None

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"days_of_week": []}, "days_of_week"),
            ({"rule_kind": "EXCEPTION", "days_of_week": []}, "valid_from"),
            ({"start_time": ""}, "start_time"),
            ({"slot_capacity": "3"}, "slot_capacity"),
            ({"valid_to": "2029-01-01"}, "valid_to"),
        ],
    )
    def test_says_what_is_wrong_beside_the_field(
        self, acme: Business, wrong: dict[str, Any], field: str
    ) -> None:
        answer = acme.client().post(f"{RULES}add/", rule(acme, **wrong))

        assert said(answer, field)

    def test_names_the_hours_that_are_in_the_way(self, acme: Business) -> None:
        answer = acme.client().post(f"{RULES}add/", rule(acme, days_of_week=["1"]))

        assert "Mon–Fri 09:00–17:00" in said(answer, "start_time")

    def test_refuses_a_person_of_another_branch(self, acme: Business) -> None:
        elsewhere = PersonFactory.create(location__organization=acme.organization)

        answer = acme.client().post(f"{RULES}add/", rule(acme, resource=str(elsewhere.pk)))

        assert said(answer, "resource")

    def test_the_front_desk_saves_nothing(self, acme: Business) -> None:
        assert acme.client(Role.FRONTDESK).post(f"{RULES}add/", rule(acme)).status_code == 403


class TestStale:
    """Two people have the same form open."""

    def test_the_second_is_told_and_loses_nothing(self, acme: Business) -> None:
        client, url = acme.client(), f"{TEAM}{acme.person.pk}/change/"
        seen = hidden(client.get(url))
        mine = {"name": "Ada Lovelace", "active": "on", "skills": "gas", **seen}
        client.post(url, {"name": "Ada L.", "active": "on", "skills": "", **seen})

        refused = client.post(url, mine)

        acme.person.refresh_from_db()
        assert acme.person.name == "Ada L."
        assert "Somebody else changed this meanwhile" in said(refused)
        assert "Name: “Ada L.”" in said(refused)
        assert 'value="Ada Lovelace"' in refused.content.decode()
        assert client.post(url, {**mine, **hidden(refused)}).status_code == 302
        acme.person.refresh_from_db()
        assert (acme.person.name, acme.person.skills) == ("Ada Lovelace", ["gas"])

    def test_another_mistake_in_between_does_not_hide_it(self, acme: Business) -> None:
        client, url = acme.client(), f"{TEAM}{acme.person.pk}/change/"
        seen = hidden(client.get(url))
        client.post(url, {"name": "Ada L.", "active": "on", **seen})

        mistaken = client.post(url, {"name": "", "active": "on", **seen})
        refused = client.post(url, {"name": "Mine", "active": "on", **hidden(mistaken)})

        assert "Somebody else changed this meanwhile" in said(refused)

    def test_hours_and_locations_say_it_too(self, acme: Business) -> None:
        client, row = acme.client(), AvailabilityRule.objects.get()
        hours = f"{RULES}{row.pk}/change/"
        branch = f"{LOCATIONS}{acme.location.pk}/change/"
        seen_hours, seen_branch = hidden(client.get(hours)), hidden(client.get(branch))
        row.save()
        acme.location.save()

        usual = rule(acme, days_of_week=list("12345"), start_time="09:00", end_time="17:00", note="Mine")
        answers = [
            client.post(hours, {**usual, **seen_hours}),
            client.post(
                branch, {"name": "Mine", "timezone": "America/Denver", "active": "on", **seen_branch}
            ),
        ]

        assert ["meanwhile" in said(answer) for answer in answers] == [True, True]


class TestLocations:
    def form(self, **fields: str) -> dict[str, str]:
        return {"name": "Garage", "timezone": "America/Denver", "active": "on", **fields}

    def test_one_that_sells_places_gets_its_pool(self, acme: Business) -> None:
        acme.client().post(f"{LOCATIONS}add/", self.form(sells_from="pool", pool_places="3"))

        location = Location.objects.get(name="Garage")
        pool = Resource.objects.get(location=location, kind=ResourceKind.POOL)
        assert (location.organization, pool.capacity) == (acme.organization, 3)
        assert AuditEntry.objects.filter(action="availability.location.created").exists()

    def test_a_time_zone_is_chosen_by_its_city(self, acme: Business) -> None:
        client = acme.client()

        form = client.get(f"{LOCATIONS}add/").content.decode()
        refused = client.post(f"{LOCATIONS}add/", self.form(sells_from="people", timezone="Mars/Phobos"))

        assert 'list="id_timezone-zones"' in form
        assert '<option value="Europe/Copenhagen">' in form
        assert "is not a time zone" in refused.content.decode()

    def test_names_are_unique_in_a_business(self, acme: Business) -> None:
        answer = acme.client().post(f"{LOCATIONS}add/", self.form(name="Acme branch", sells_from="people"))

        assert "Choose another one" in said(answer, "name")

    def test_what_customers_book_stays_once_there_are_times(self, acme: Business) -> None:
        acme.client().post(f"{LOCATIONS}{acme.location.pk}/change/", self.form(sells_from="pool"))

        acme.location.refresh_from_db()
        assert (acme.location.name, acme.location.sells_from) == ("Garage", "people")

    def test_another_clock_is_explained_before_it_moves_anything(self, acme: Business) -> None:
        client, url = acme.client(), f"{LOCATIONS}{acme.location.pk}/change/"
        client.post("/admin/availability/location/generate-today/")
        wanted = self.form(timezone="America/New_York")
        nine_there = SlotInstance.objects.filter(start_at="2030-01-21T14:00Z")

        look = client.post(url, wanted)

        assert "on the clock of America/New_York" in look.content.decode()
        assert not nine_there.exists()
        client.post(url, {**wanted, **hidden(look)})
        assert nine_there.exists()

    def test_times_are_generated_after_a_question(self, acme: Business) -> None:
        client, url = acme.client(), f"{LOCATIONS}{acme.location.pk}/generate/"
        before = SlotInstance.objects.count()
        assert "Nothing that is booked is lost" in client.get(url).content.decode()
        assert SlotInstance.objects.count() == before

        client.post(url, {"_form_submitted": "1"})

        assert SlotInstance.objects.count() > before


class TestTeam:
    @pytest.fixture(autouse=True)
    def _photos(self, tmp_path: Path, settings: Any) -> Iterator[None]:
        settings.MEDIA_ROOT = str(tmp_path)
        self.kept = tmp_path / "resources"
        return iter(())

    def form(self, **fields: Any) -> dict[str, Any]:
        return {"name": "Ada", "active": "on", "skills": "", **fields}

    def test_somebody_new_has_the_hours_of_the_branch_at_once(self, acme: Business) -> None:
        WeeklyRuleFactory.create(location=acme.location)
        where = {"location": str(acme.location.pk), "kind": "person", "capacity": "1"}

        answer = acme.client().post(f"{TEAM}add/", self.form(name="Ben", photo=picture(), **where))

        assert answer.status_code == 302, answer.context["errors"]
        ben = Resource.objects.get(name="Ben")
        assert SlotInstance.objects.filter(resource=ben, date="2030-01-21").exists()
        assert [path.name for path in self.kept.iterdir()] == ["me.png"] == [Path(str(ben.photo)).name]

    def test_who_is_switched_off_is_shown_what_it_means(self, acme: Business) -> None:
        client, url = acme.client(), f"{TEAM}{acme.person.pk}/change/"
        off = {key: value for key, value in self.form().items() if key != "active"}

        look = client.post(url, off)

        assert "1 customer is booking just now; they can still finish." in look.content.decode()
        acme.person.refresh_from_db()
        assert acme.person.active
        client.post(url, {**off, **hidden(look)})
        acme.person.refresh_from_db()
        assert not acme.person.active

    def test_a_new_photo_takes_the_place_of_the_old_one(self, acme: Business) -> None:
        client, url = acme.client(), f"{TEAM}{acme.person.pk}/change/"
        client.post(url, self.form(photo=picture("one.png")))

        client.post(url, self.form(photo=picture("two.png")))

        assert [path.name for path in self.kept.iterdir()] == ["two.png"]
        client.post(url, self.form(**{"photo-clear": "on"}))
        assert list(self.kept.iterdir()) == []

    def test_a_photo_of_a_save_that_was_refused_is_not_kept(self, acme: Business) -> None:
        url = f"{TEAM}{acme.person.pk}/change/"

        refused = acme.client().post(url, self.form(photo=picture(), seen_version="1"))

        assert "meanwhile" in said(refused)
        assert list(self.kept.iterdir()) == []

    def test_capacity_never_falls_below_what_is_booked(self, acme: Business) -> None:
        many = PersonFactory.create(location=acme.location, capacity=3)
        slot = SlotFactory.create(resource=many, capacity=3)
        book(slot)
        book(slot)

        client = acme.client()
        client.post(f"{TEAM}{many.pk}/change/", self.form(name=many.name, capacity="1"))
        many.refresh_from_db()

        assert many.capacity == 3
        assert f"/admin/capacity/{many.pk}/" in client.get(f"{TEAM}{many.pk}/change/").content.decode()

    def test_skills_are_words_with_commas(self, acme: Business) -> None:
        acme.client().post(f"{TEAM}{acme.person.pk}/change/", self.form(skills=" gas, hvac ,gas,"))

        acme.person.refresh_from_db()
        assert acme.person.skills == ["gas", "hvac"]


def picture(name: str = "me.png") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (2, 2), "navy").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")
