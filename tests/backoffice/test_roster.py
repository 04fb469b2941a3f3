"""The roster: what it shows, to whom, what it costs, and that what is previewed is what is saved."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.availability.commands.generate_slots import generate_slots
from apps.availability.models import AvailabilityRule, CalendarEvent, SlotInstance, TimeOff
from apps.organizations.models import Role
from tests.bookings.support import book
from tests.factories.availability import PersonFactory, WeeklyRuleFactory
from tests.factories.backoffice import Business, signed_in, whole_business
from tests.factories.organizations import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = "2030-01-21"
PAGES = ("roster/", "roster/day/", "roster/copy/", "closings/", "closings/add/", "closings/holidays/")
OTHERS = ("time-off/", "time-off/add/", "reminders/add/", "explain/")


@pytest.fixture
def acme() -> Business:
    return whole_business()


def day_url(business: Business, *, day: str = MONDAY, branch: bool = False) -> str:
    person = "" if branch else f"&person={business.person.pk}"
    return f"/admin/roster/day/?location={business.location.pk}{person}&date={day}"


def hours(start: str = "09:00", end: str = "12:00", **fields: str) -> dict[str, str]:
    return {
        "scope": "week",
        "what": "open",
        "start_1": start,
        "end_1": end,
        "slot_granularity_minutes": "30",
        "slot_duration_minutes": "30",
        "slot_capacity": "1",
        "step": "save",
        **fields,
    }


def starts(business: Business, day: str) -> int:
    slots = SlotInstance.objects.for_organization(business.organization)
    return slots.filter(date=day, closed=False).count()


def line_of(page: Any, name: str | None) -> Any:
    return next(
        line for line in page.context["week"].lines if (line.person.name if line.person else None) == name
    )


class TestWho:
    @pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER, Role.SCHEDULER])
    def test_who_plans_work_opens_every_page(self, role: Role, acme: Business) -> None:
        client = acme.client(role)

        answers = {page: client.get(f"/admin/{page}").status_code for page in (*PAGES, *OTHERS)}

        assert set(answers.values()) == {200}, answers

    def test_the_front_desk_opens_none(self, acme: Business) -> None:
        client = acme.client(Role.FRONTDESK)

        assert {client.get(f"/admin/{page}").status_code for page in (*PAGES, *OTHERS)} == {403}

    def test_nobody_comes_in_without_signing_in(self) -> None:
        assert {Client().get(f"/admin/{page}").status_code for page in (*PAGES, *OTHERS)} == {302}

    def test_another_business_is_not_there(self, acme: Business) -> None:
        globex, client = whole_business("Globex"), acme.client()
        foreign = f"location={globex.location.pk}"

        assert {client.get(f"/admin/{page}?{foreign}").status_code for page in (*PAGES, *OTHERS)} == {404}
        assert client.get(f"/admin/capacity/{globex.person.pk}/").status_code == 404
        assert client.get(f"/admin/sells-from/{globex.location.pk}/").status_code == 404
        assert client.get(f"/admin/photo/{globex.person.pk}/").status_code == 404
        mixed = f"/admin/roster/day/?location={acme.location.pk}&person={globex.person.pk}"
        assert client.get(mixed).status_code == 404
        assert client.post(mixed, hours()).status_code == 404

    def test_a_business_without_a_branch_is_told_what_to_do(self) -> None:
        owner = UserFactory.create(is_staff=True)
        MembershipFactory.create(user=owner)

        assert "First, a location" in signed_in(owner).get("/admin/roster/").content.decode()


class TestWeek:
    def test_shows_what_decides_each_day(self, acme: Business) -> None:
        WeeklyRuleFactory.create(location=acme.location, days_of_week=[6], note="")

        page = acme.client().get(f"/admin/roster/?week={MONDAY}")

        cells = line_of(page, acme.person.name).cells
        assert [list(cell.hours.windows) for cell in cells] == [["09:00–17:00"]] * 6 + [[]]
        assert [cell.hours.own for cell in cells[4:6]] == [True, False]

    def test_counts_visits_and_shows_time_off(self, acme: Business) -> None:
        slot = SlotInstance.objects.get(pk=acme.slot.pk)
        later = SlotInstance.objects.create(
            organization=acme.organization,
            location=acme.location,
            resource=acme.person,
            date=date(2030, 1, 15),
            start_at=slot.start_at + timedelta(days=1),
            end_at=slot.end_at + timedelta(days=1),
            capacity=1,
        )
        book(later)
        client = acme.client()
        client.post("/admin/time-off/add/", time_off(acme, first_day="2030-01-16"))

        cells = line_of(client.get("/admin/roster/"), acme.person.name).cells

        assert cells[1].visits == 1
        assert [(away.label, away.words) for away in cells[2].away] == [("Vacation", "all day")]

    def test_costs_the_same_however_many_work_there(self, acme: Business) -> None:
        client = acme.client()

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/admin/roster/?week={MONDAY}").status_code == 200
            return len(captured)

        before = queries()
        for person in PersonFactory.create_batch(5, location=acme.location):
            WeeklyRuleFactory.create(location=acme.location, resource=person)

        assert queries() == before


class TestHours:
    def test_one_weekday_leaves_the_others_alone(self, acme: Business) -> None:
        answer = acme.client().post(day_url(acme), hours())

        assert answer.status_code == 302, answer.context["form"].errors
        said = AvailabilityRule.objects.filter(resource=acme.person).order_by("start_time", "end_time")
        assert [(rule.days_of_week, f"{rule.end_time:%H}") for rule in said] == [
            ([1], "12"),
            ([2, 3, 4, 5], "17"),
        ]
        assert starts(acme, MONDAY) == 6
        assert starts(acme, "2030-01-28") == 6

    def test_a_dialog_is_told_where_to_go_and_the_page_says_what_was_done(self, acme: Business) -> None:
        client = acme.client()

        answer = client.post(day_url(acme), hours(), headers={"X-Bo-Dialog": "1"})

        assert answer.status_code == 200
        assert "Saved." in client.get(answer.headers["X-Bo-Location"]).content.decode()

    def test_one_date_is_an_exception(self, acme: Business) -> None:
        generate_slots(organization=acme.organization)

        acme.client().post(day_url(acme), hours(scope="date", what="closed"))

        assert (starts(acme, MONDAY), starts(acme, "2030-01-28")) == (0, 16)

    def test_own_hours_can_be_given_up(self, acme: Business) -> None:
        acme.client().post(day_url(acme), hours(what="inherit"))

        assert AvailabilityRule.objects.get(resource=acme.person).days_of_week == [2, 3, 4, 5]

    def test_preview_says_what_saving_does(self, acme: Business) -> None:
        generate_slots(organization=acme.organization)
        booked = SlotInstance.objects.filter(resource=acme.person, date=MONDAY).order_by("start_at").last()
        assert booked is not None
        book(booked)
        client, wanted = acme.client(), hours("08:00", "12:00")
        slots = SlotInstance.objects.filter(resource=acme.person)

        preview = client.post(day_url(acme), {**wanted, "step": "preview"}).context["preview"]
        span = slots.filter(
            date__range=(preview.first, preview.last), start_at__gt=acme.slot.start_at - timedelta(hours=2)
        )
        before = set(span.filter(closed=False).values_list("start_at", flat=True))
        client.post(day_url(acme), wanted)
        after = set(span.filter(closed=False).values_list("start_at", flat=True))

        assert preview.stays == 1
        assert (preview.added, preview.removed) == (len(after - before), len(before - after))
        assert span.filter(closed=True).count() == preview.stays

    def test_preview_writes_nothing(self, acme: Business) -> None:
        before = list(AvailabilityRule.objects.values())

        acme.client().post(day_url(acme), hours(step="preview"))

        assert list(AvailabilityRule.objects.values()) == before

    @pytest.mark.parametrize(
        ("wrong", "field", "words"),
        [
            ({"end_1": ""}, "end_1", "Say both"),
            ({"start_1": "", "end_1": ""}, "start_1", "Say from when"),
            ({"slot_duration_minutes": "600"}, "slot_duration_minutes", "does not fit"),
            ({"start_2": "11:00", "end_2": "13:00"}, "start_2", "overlaps with 09:00–12:00 above"),
            ({"slot_capacity": "0"}, "slot_capacity", "At least 1."),
        ],
    )
    def test_errors_stand_beside_the_field(
        self, acme: Business, wrong: dict[str, str], field: str, words: str
    ) -> None:
        client, typed = acme.client(), hours(**wrong)

        for step in ("preview", "save"):
            answer = client.post(day_url(acme), {**typed, "step": step})

            assert words in answer.context["form"].errors[field][0], step

    def test_a_week_is_copied_as_its_preview_says(self, acme: Business) -> None:
        other, client = PersonFactory.create(location=acme.location), acme.client()
        WeeklyRuleFactory.create(location=acme.location, resource=other, days_of_week=[6])
        generate_slots(organization=acme.organization)
        typed = {"source": str(acme.person.pk), "targets": [str(other.pk)]}

        found = client.post("/admin/roster/copy/", {**typed, "step": "preview"}).context["preview"]
        slots = SlotInstance.objects.filter(resource=other, closed=False, date__lte=found.last)
        before = slots.count()
        answer = client.post("/admin/roster/copy/", {**typed, "step": "save"})

        assert answer.status_code == 302
        assert (found.added > 0, found.removed > 0) == (True, True)
        assert slots.count() == before + found.added - found.removed
        assert AvailabilityRule.objects.get(resource=other).days_of_week == [1, 2, 3, 4, 5]

    def test_offers_only_weeks_that_there_are_to_copy(self, acme: Business) -> None:
        other, client = PersonFactory.create(location=acme.location), acme.client()

        form = client.get("/admin/roster/copy/").context["form"]
        assert [value for value, _ in form.fields["source"].choices] == [str(acme.person.pk)]
        assert str(other.pk) in [value for value, _ in form.fields["targets"].choices]

        AvailabilityRule.objects.all().delete()
        page = client.get("/admin/roster/copy/")
        assert page.context["form"] is None
        assert "Nobody here has weekly hours of their own" in page.content.decode()


def time_off(business: Business, **fields: str) -> dict[str, str]:
    return {
        "resource": str(business.person.pk),
        "type": "vacation",
        "first_day": "2030-01-22",
        "all_day": "on",
        "repeat": "never",
        "every": "1",
        "ends": "never",
        **fields,
    }


class TestTimeOff:
    def test_builds_the_rule_from_words(self, acme: Business) -> None:
        client = acme.client()
        lunch = {"all_day": "", "start_time": "12:00", "end_time": "13:00", "type": "break"}
        weekly = {"repeat": "WEEKLY", "every": "2", "ends": "until", "until": "2030-06-30"}

        answer = client.post(
            "/admin/time-off/add/", {**time_off(acme, **lunch, **weekly), "days": ["1", "3"]}
        )

        assert answer.status_code == 302, answer.context["form"].errors
        row = TimeOff.objects.get()
        assert row.rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20300630"
        assert row.duration_minutes == 60
        words = "every 2 weeks on Monday and Wednesday, until 30 June 2030"
        assert words in client.get("/admin/time-off/").content.decode()

    def test_who_changes_an_older_one_is_told_and_loses_nothing(self, acme: Business) -> None:
        client = acme.client()
        client.post("/admin/time-off/add/", time_off(acme))
        row = TimeOff.objects.get()
        url = f"/admin/time-off/{row.pk}/"
        seen = {"seen_version": str(client.get(url).context["form"]["seen_version"].value())}
        client.post(url, time_off(acme, note="Theirs", last_day="2030-01-30", **seen))

        refused = client.post(url, time_off(acme, note="Mine", **seen))

        form = refused.context["form"]
        assert "Wed 30 Jan 2030" in form.non_field_errors()[0]
        assert form["note"].value() == "Mine"
        again = {"seen_version": str(form["seen_version"].value())}
        assert client.post(url, time_off(acme, note="Mine", **again)).status_code == 302
        row.refresh_from_db()
        assert row.note == "Mine"

    def test_lists_the_bookings_in_its_way(self, acme: Business) -> None:
        booking = book(SlotInstance.objects.get(pk=free_slot(acme).pk))

        answer = acme.client().post(
            "/admin/time-off/add/", time_off(acme, first_day="2030-01-22"), follow=True
        )

        page = answer.content.decode()
        assert booking.reference in page
        assert f"<strong>{booking.customer}</strong>, {booking.lines.get().title}" in page
        assert f"/admin/bookings/booking/{booking.pk}/change/" in page

    def test_hides_who_the_customer_is_from_whoever_only_plans(self, acme: Business) -> None:
        booking = book(SlotInstance.objects.get(pk=free_slot(acme).pk))

        answer = acme.client(Role.SCHEDULER).post(
            "/admin/time-off/add/", time_off(acme, first_day="2030-01-22"), follow=True
        )

        page = answer.content.decode()
        assert booking.lines.get().title in page
        assert str(booking.customer) not in page

    def test_that_is_there_already_is_refused(self, acme: Business) -> None:
        client = acme.client()
        client.post("/admin/time-off/add/", time_off(acme))

        answer = client.post("/admin/time-off/add/", time_off(acme))

        assert "is there already" in answer.context["form"].errors["first_day"][0]
        assert TimeOff.objects.count() == 1

    def test_is_cancelled(self, acme: Business) -> None:
        client = acme.client()
        client.post("/admin/time-off/add/", time_off(acme))

        client.post(f"/admin/time-off/{TimeOff.objects.get().pk}/cancel/")

        assert TimeOff.objects.get().cancelled_at is not None

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"all_day": "", "start_time": "12:00"}, "end_time"),
            ({"last_day": "2030-01-02"}, "last_day"),
            ({"repeat": "WEEKLY", "ends": "until"}, "until"),
            ({"repeat": "DAILY", "last_day": "2030-01-25"}, "repeat"),
        ],
    )
    def test_errors_stand_beside_the_field(self, acme: Business, wrong: dict[str, str], field: str) -> None:
        answer = acme.client().post("/admin/time-off/add/", time_off(acme, **wrong))

        assert field in answer.context["form"].errors

    def test_another_business_is_not_there(self, acme: Business) -> None:
        acme.client().post("/admin/time-off/add/", time_off(acme))
        row, stranger = TimeOff.objects.get(), whole_business("Globex").client()

        assert stranger.get(f"/admin/time-off/{row.pk}/").status_code == 404
        assert stranger.post(f"/admin/time-off/{row.pk}/cancel/").status_code == 404

    def test_a_reminder_stands_on_the_roster_until_it_is_done(self, acme: Business) -> None:
        client = acme.client()
        client.post("/admin/reminders/add/", {"day": "2030-01-16", "at": "09:00", "note": "Call Ada"})
        assert "Call Ada" in client.get("/admin/time-off/").content.decode()

        event = CalendarEvent.objects.get(type="reminder")
        client.post(f"/admin/reminders/{event.pk}/done/", {"location": str(acme.location.pk)})

        assert not CalendarEvent.objects.filter(type="reminder").exists()


def free_slot(business: Business) -> SlotInstance:
    generate_slots(organization=business.organization)
    slot = SlotInstance.objects.filter(resource=business.person, date="2030-01-22").first()
    assert slot is not None
    return slot


def holidays_of(business: Business) -> dict[str, str]:
    return {"location": str(business.location.pk), "country": "US", "subdivision": "CO", "year": "2030"}


class TestClosings:
    def test_imports_the_holidays_that_it_has_shown(self, acme: Business) -> None:
        client = acme.client()
        where = holidays_of(acme)

        shown = client.get("/admin/closings/holidays/", where).context["new"]
        done = client.post(f"/admin/closings/holidays/?location={acme.location.pk}", where)

        assert done.headers["Location"].endswith("&year=2030")
        assert shown == AvailabilityRule.objects.filter(rule_kind="EXCEPTION").count() > 8
        assert client.get("/admin/closings/holidays/", where).context["new"] == 0

    def test_says_before_the_import_how_much_is_booked_on_each_day(self, acme: Business) -> None:
        WeeklyRuleFactory(resource=acme.person)
        generate_slots(organization=acme.organization)
        martin_luther_king = SlotInstance.objects.filter(resource=acme.person, date="2030-01-21")
        first, *_, last = martin_luther_king.order_by("start_at")
        book(first)
        book(last)

        page = acme.client().get("/admin/closings/holidays/", holidays_of(acme))

        booked = {one.day: one.bookings for one in page.context["listed"] if one.bookings}
        assert booked == {date(2030, 1, 21): 2}
        assert "2 bookings on these days" in page.content.decode()

    def test_a_closing_is_added_and_removed(self, acme: Business) -> None:
        client = acme.client()
        closing = {"note": "Stocktaking", "valid_from": MONDAY, "what": "closed", "step": "save"}
        assert client.post("/admin/closings/add/", closing).status_code == 302
        rule = AvailabilityRule.objects.get(rule_kind="EXCEPTION")
        assert (rule.valid_to, starts(acme, MONDAY)) == (date(2030, 1, 21), 0)
        assert "Stocktaking" in client.get("/admin/closings/").content.decode()

        client.post(f"/admin/closings/{rule.pk}/remove/", {"location": str(acme.location.pk)})

        assert not AvailabilityRule.objects.filter(pk=rule.pk).exists()

    def test_two_closings_of_a_day_are_refused_in_words(self, acme: Business) -> None:
        client = acme.client()
        closing = {"note": "Stocktaking", "valid_from": MONDAY, "what": "closed", "step": "save"}
        client.post("/admin/closings/add/", closing)

        answer = client.post("/admin/closings/add/", {**closing, "step": "preview"})

        (said,) = answer.context["form"].errors["valid_from"]
        assert (
            "has an exception on 21 January 2030 already: “Stocktaking”, closed. Leave that day out" in said
        )

    def test_this_year_says_that_there_is_more_in_later_ones(self, acme: Business) -> None:
        client = acme.client()
        for day in (MONDAY, "2031-01-01"):
            client.post(
                "/admin/closings/add/", {"note": "Away", "valid_from": day, "what": "closed", "step": "save"}
            )

        assert "1 more after 2030" in client.get("/admin/closings/").content.decode()


class TestPlaces:
    def test_a_capacity_in_use_is_refused_in_words(self, acme: Business) -> None:
        acme.person.capacity = 2
        acme.person.save()
        slot = free_slot(acme)
        SlotInstance.objects.filter(pk=slot.pk).update(capacity=2)
        slot.refresh_from_db()
        book(slot)
        book(slot)
        client, url = acme.client(), f"/admin/capacity/{acme.person.pk}/"

        preview = client.post(url, {"capacity": "1", "step": "preview"}).context["preview"]
        saved = client.post(url, {"capacity": "1", "step": "save"})

        assert not preview.possible
        assert saved.context["form"].errors["capacity"]

    def test_switching_says_what_it_means_and_does_it(self, acme: Business) -> None:
        client, url = acme.client(), f"/admin/sells-from/{acme.location.pk}/"
        assert "a place in the pool" in client.get(url).content.decode()

        client.post(url, {"to": "pool"})

        acme.location.refresh_from_db()
        assert acme.location.sells_from == "pool"
        (only,) = client.get("/admin/roster/").context["week"].lines
        assert only.person is None


class TestExplain:
    def test_says_why_in_words(self, acme: Business) -> None:
        page = acme.client().get(f"/admin/explain/?location={acme.location.pk}&day={MONDAY}&at=18:00")

        assert page.context["answer"].offered is False
        assert "is not offered" in page.content.decode()

    def test_a_question_without_a_time_is_asked_for_one(self, acme: Business) -> None:
        page = acme.client().get(f"/admin/explain/?location={acme.location.pk}&day={MONDAY}&at=")

        assert page.context["form"].errors == {"at": ["Say which time."]}

    def test_what_is_true_of_everybody_is_said_once(self, acme: Business) -> None:
        PersonFactory.create(location=acme.location, name="Zoe")
        client = acme.client()
        closing = {"note": "Stocktaking", "valid_from": MONDAY, "what": "closed", "step": "save"}
        client.post("/admin/closings/add/", closing)

        page = client.get(f"/admin/explain/?location={acme.location.pk}&day={MONDAY}&at=10:00")

        (everybody,) = page.context["people"]
        assert everybody.names == f"{acme.person.name} and Zoe"
        assert page.content.decode().count("Stocktaking: ") == 1
