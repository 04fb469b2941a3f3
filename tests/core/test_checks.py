"""What `migrate` asks of the database server first."""

import pytest
from django.core.checks import Tags, run_checks

from apps.core import checks


@pytest.mark.django_db
class TestPostgresql:
    def test_the_server_of_this_run_will_do(self) -> None:
        assert run_checks(tags=[Tags.database], databases=["default"]) == []

    def test_an_older_one_is_named_with_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checks, "OLDEST_POSTGRESQL", 99)

        [problem] = run_checks(tags=[Tags.database], databases=["default"])

        assert problem.is_serious()
        assert "is PostgreSQL 1" in problem.msg
        assert "PostgreSQL 99 or newer is needed" in problem.msg
        assert "DATABASE_URL" in (problem.hint or "")

    def test_only_a_command_about_databases_asks(self) -> None:
        assert checks.check_postgresql(databases=None) == []
