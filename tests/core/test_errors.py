"""docs/errors.md lists every code, with its status; no more and no less."""

import importlib
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from apps.core.errors import DomainError, all_error_classes

ROW = re.compile(r"^\| `(?P<code>[A-Z_]+)` \| (?P<status>\d{3}) \| (?P<meaning>[^|]+) \| (?P<todo>[^|]+) \|$")


@pytest.fixture(scope="module")
def classes() -> list[type[DomainError]]:
    """All error classes of the product; importing the addresses and every errors.py finds them."""
    for module in sorted(Path(settings.BASE_DIR, "apps").glob("*/errors.py")):
        importlib.import_module(f"apps.{module.parent.name}.errors")
    _ = get_resolver().url_patterns
    return [found for found in all_error_classes() if found.__module__.startswith("apps.")]


@pytest.fixture(scope="module")
def rows() -> list[re.Match[str]]:
    text = Path(settings.BASE_DIR, "docs", "errors.md").read_text(encoding="utf-8")
    return [row for line in text.splitlines() if (row := ROW.match(line))]


class TestErrorsPage:
    def test_lists_every_code_with_its_status(
        self, classes: list[type[DomainError]], rows: list[re.Match[str]]
    ) -> None:
        written = {(row["code"], int(row["status"])) for row in rows}
        raised = {(found.code, int(found.status)) for found in classes}

        assert written == raised

    def test_says_what_to_do_about_each(self, rows: list[re.Match[str]]) -> None:
        assert rows
        assert all(len(row["meaning"]) > 10 and len(row["todo"]) > 5 for row in rows)

    def test_lists_each_code_once_and_in_order(self, rows: list[re.Match[str]]) -> None:
        codes = [row["code"] for row in rows]

        assert codes == sorted(set(codes))


class TestErrorClasses:
    def test_no_two_share_a_code(self, classes: list[type[DomainError]]) -> None:
        assert [code for code, times in Counter(found.code for found in classes).items() if times > 1] == []

    def test_each_has_words_of_its_own(self, classes: list[type[DomainError]]) -> None:
        silent = [found for found in classes if found.default_detail == DomainError.default_detail]

        assert silent == []

    def test_each_code_is_upper_snake(self, classes: list[type[DomainError]]) -> None:
        assert all(re.fullmatch(r"[A-Z]+(_[A-Z]+)*", found.code) for found in classes)
