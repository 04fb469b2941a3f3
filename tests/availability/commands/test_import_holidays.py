"""Public holidays become closed days."""

from collections.abc import Callable
from datetime import date, datetime, time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.audit.models import AuditEntry
from apps.availability.commands.generate_slots import generate_slots
from apps.availability.commands.import_holidays import (
    HolidaysImported,
    import_holidays,
    public_holidays,
)
from apps.availability.models import AvailabilityRule, Resource, RuleKind, SlotInstance
from apps.core.actors import Actor
from apps.core.errors import InvalidInput, NotFound
from apps.core.ids import new_id
from tests.availability.support import denver
from tests.factories.availability import PersonFactory, WeeklyRuleFactory

pytestmark = pytest.mark.django_db

MARTIN_LUTHER_KING = date(2030, 1, 21)


@pytest.fixture
def anna() -> Resource:
    """Works on weekdays by her location's hours; her slots are made."""
    anna = PersonFactory()
    WeeklyRuleFactory(location=anna.location)
    generate_slots(organization=anna.organization)
    return anna


def load(
    anna: Resource, country: str = "US", subdivision: str | None = None, years: tuple[int, ...] = (2030,)
) -> HolidaysImported:
    return import_holidays(
        actor=Actor.system(anna.organization_id),
        location_id=anna.location_id,
        country=country,
        subdivision=subdivision,
        years=years,
    )


class TestImport:
    def test_closes_the_location_and_takes_the_slots_away(self, anna: Resource) -> None:
        done = load(anna)

        assert (MARTIN_LUTHER_KING, "Martin Luther King Jr. Day") in [(h.day, h.name) for h in done.added]
        assert (
            done.report.deleted == 2 * 16
        )  # Martin Luther King Jr. Day and Presidents' Day lie in the horizon
        assert not SlotInstance.objects.filter(date=MARTIN_LUTHER_KING).exists()
        rule = AvailabilityRule.objects.get(valid_from=MARTIN_LUTHER_KING)
        assert (rule.rule_kind, rule.valid_to, rule.is_closed, rule.resource, rule.note) == (
            RuleKind.EXCEPTION,
            MARTIN_LUTHER_KING,
            True,
            None,
            "Martin Luther King Jr. Day",
        )

    def test_leaves_out_what_is_over(self, anna: Resource) -> None:
        assert date(2030, 1, 1) not in [holiday.day for holiday in load(anna).added]

    def test_today_is_not_over(self, anna: Resource, set_now: Callable[[datetime], None]) -> None:
        set_now(denver(21, 23))

        assert load(anna).added[0].day == MARTIN_LUTHER_KING

    def test_twice_adds_nothing(self, anna: Resource) -> None:
        first = load(anna)
        again = load(anna)

        assert (again.added, again.kept, again.report.deleted) == ([], first.added, 0)
        assert AuditEntry.objects.filter(action="availability.holidays.imported").count() == 1

    def test_what_somebody_decided_stays_decided(self, anna: Resource) -> None:
        WeeklyRuleFactory(
            location=anna.location,
            rule_kind=RuleKind.EXCEPTION,
            days_of_week=None,
            valid_from=MARTIN_LUTHER_KING,
            valid_to=MARTIN_LUTHER_KING,
            start_time=time(10),
            end_time=time(12),
        )
        done = load(anna)

        assert [holiday.day for holiday in done.kept] == [MARTIN_LUTHER_KING]
        assert AvailabilityRule.objects.filter(valid_from=MARTIN_LUTHER_KING).count() == 1

    def test_states_have_holidays_of_their_own(self, anna: Resource) -> None:
        names = {holiday.name for holiday in load(anna, subdivision="CO").added}

        assert any("Cabrini" in name for name in names)

    @pytest.mark.parametrize(
        ("country", "subdivision", "years", "field"),
        [
            ("XX", None, (2030,), "country"),
            ("US", "Atlantis", (2030,), "subdivision"),
            ("US", None, (), "years"),
            ("US", None, (1066,), "years"),
        ],
    )
    def test_refuses_what_nobody_knows(
        self, anna: Resource, country: str, subdivision: str | None, years: tuple[int, ...], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            load(anna, country, subdivision, years)

        assert list(refused.value.data["errors"]) == [field]

    def test_another_business_has_no_such_location(self, anna: Resource) -> None:
        with pytest.raises(NotFound):
            import_holidays(
                actor=Actor.system(new_id()), location_id=anna.location_id, country="US", years=[2030]
            )


class TestNames:
    @pytest.mark.parametrize(
        ("locale", "name"),
        [("de-DE", "Neujahr"), ("en-GB", "New Year's Day"), ("fr-FR", "New Year's Day")],
    )
    def test_are_in_the_business_language_where_it_is_known(self, locale: str, name: str) -> None:
        assert public_holidays("DE", years=[2030], locale=locale)[0].name == name


class TestCommand:
    def run(self, anna: Resource, *arguments: str) -> str:
        out = StringIO()
        call_command("import_holidays", "--location", str(anna.location_id), *arguments, stdout=out)
        return out.getvalue()

    def test_says_what_it_did(self, anna: Resource) -> None:
        arguments = ("--country", "us", "--subdivision", "CO", "--years", "2030")

        assert "2030-01-21 closed: Martin Luther King Jr. Day\n" in self.run(anna, *arguments)
        assert "2030-01-21 kept as it is: Martin Luther King Jr. Day\n" in self.run(anna, *arguments)

    def test_says_what_it_does_not_know(self, anna: Resource) -> None:
        with pytest.raises(CommandError, match="No holidays are known there"):
            self.run(anna, "--country", "XX", "--years", "2030")
        with pytest.raises(CommandError, match="no such location"):
            call_command("import_holidays", location=new_id(), country="US", years=[2030])
