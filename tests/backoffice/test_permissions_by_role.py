"""What each role may open and do: the table, the page that says it in words, and every page itself."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin

from apps.organizations.api.permissions import WHO_MAY, Right
from apps.organizations.models import Role
from apps.organizations.staff import AREAS, Area
from tests.backoffice.crawl import Address, addresses
from tests.factories.backoffice import Business, whole_business

DOCUMENT = Path(__file__).parents[2] / "docs" / "permissions.md"
STAFF = sorted(AREAS)
# The area of the pages that are no model's, by what their names begin with. A new kind must be entered here.
PAGES = {
    "capacity": Area.ROTA,
    "closings": Area.ROTA,
    "explain": Area.ROTA,
    "flow_": Area.CATALOGUE,
    "preview_": Area.CATALOGUE,
    "reminder_": Area.ROTA,
    "resource_photo": Area.ROTA,
    "roster": Area.ROTA,
    "routing_": Area.CATALOGUE,
    "sells_from": Area.ROTA,
    "start": Area.BUSINESS,
    "time_off": Area.ROTA,
}
# Everybody's who is let in: each shows only what its reader may see.
EVERYBODYS = {"autocomplete", "icons", "index", "search"}


def tables() -> list[dict[str, dict[str, bool]]]:
    """The document's tables: role → column → yes or no."""
    found: list[dict[str, dict[str, bool]]] = []
    columns: list[str] = []
    for line in DOCUMENT.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0] == "role":
            columns = cells[1:]
            found.append({})
        elif cells and cells[0] in Role.values:
            found[-1][cells[0]] = {
                column: cell == "yes" for column, cell in zip(columns, cells[1:], strict=True)
            }
    return found


def as_table(rights: Mapping[str, object]) -> dict[str, dict[str, bool]]:
    return {role: {area.value: area in AREAS[role] for area in Area} for role in rights}


class TestTheDocument:
    def test_says_what_the_back_offices_table_says(self) -> None:
        assert tables()[0] == as_table(AREAS)

    def test_says_what_the_apis_table_says(self) -> None:
        assert tables()[1] == {
            role: {right.value: role in WHO_MAY[right] for right in Right} for role in AREAS
        }

    def test_an_admin_may_everything_and_nobody_else_may_make_members(self) -> None:
        assert AREAS[Role.ADMIN] == frozenset(Area)
        assert [role for role in AREAS if Area.BUSINESS in AREAS[role]] == [Role.ADMIN]


def test_every_page_that_is_no_models_has_an_area() -> None:
    names = {each.name for each in addresses() if not is_a_models(each) and each.name}

    assert {name for name in names - EVERYBODYS if area_of(name) is None} == set()
    assert names > EVERYBODYS


def area_of(name: str | None) -> Area | None:
    """Where a page of ours belongs; None for those of models, and for unknown ones."""
    return next((area for begin, area in PAGES.items() if name and name.startswith(begin)), None)


def is_a_models(address: Address) -> bool:
    labels = "|".join(sorted({page.opts.app_label for page in admin.site._registry.values()}))
    return re.match(rf"({labels})/", address.route) is not None and area_of(address.name) is None


@pytest.fixture
def acme(db: None) -> Business:
    return whole_business("Acme")


@pytest.mark.parametrize("role", STAFF)
def test_pages_open_to_those_of_their_area_alone(role: str, acme: Business) -> None:
    client, wrong = acme.client(role), []
    for address in addresses():
        area = area_of(address.name)
        if address.parameters or area is None or is_a_models(address):
            continue
        answer = client.get(address.url({}))
        # Pages that only take what is sent to them say so (405) to those who may, 403 to all others.
        if (answer.status_code not in {302, 403}) != (area in AREAS[role]):
            wrong.append(address.route)

    assert wrong == []


@pytest.mark.parametrize("role", STAFF)
def test_actions_are_offered_and_done_in_ones_own_areas_alone(role: str, acme: Business) -> None:
    client, wrong = acme.client(role), []
    actions = [a for a in addresses() if is_a_models(a) and is_an_action(a) and "object_id" in a.parameters]
    for address in actions:
        page: Any = admin.site._registry[address.model_of("object_id")]
        row = page.model._default_manager.first()
        if row is None or getattr(page, "area", None) is None:
            continue
        answer = client.get(address.url({"object_id": row.pk}))
        # Whoever may not is refused, or sent away by a page that has no such row for them.
        if (answer.status_code == 200) != (page.area in AREAS[role]) and answer.status_code not in {302, 405}:
            wrong.append(f"{address.route}: {answer.status_code}")

    assert wrong == []
    assert len(actions) > 6


def is_an_action(address: Address) -> bool:
    usual = ("_change", "_delete", "_history", "_changelist", "_add")
    return bool(address.name) and not str(address.name).endswith(usual)
