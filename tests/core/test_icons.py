"""Lucide's icons as single paths, and what is said about names that there are not."""

import re

import pytest
from django.core.exceptions import ValidationError

from apps.core import icons


class TestPaths:
    def test_are_nothing_but_the_commands_and_numbers_of_a_path(self) -> None:
        every = icons.all_icons()

        assert len(every) > 1500
        assert [name for name, path in every.items() if not re.match(icons.PATH, path)] == []

    def test_no_two_icons_share_one_by_mistake(self) -> None:
        assert icons.icon_path("flame") != icons.icon_path("droplet")


class TestNames:
    def test_old_names_lead_to_todays(self) -> None:
        assert icons.current_name("home") == "house"
        assert all(icons.current_name(new) == new for new in icons.RENAMED.values())

    def test_an_unknown_name_is_refused_with_one_that_was_meant(self) -> None:
        with pytest.raises(ValidationError, match=r"There is no icon “wrnch”\. Did you mean “wrench”"):
            icons.validate_icon("wrnch")

    def test_a_name_like_nothing_is_refused_too(self) -> None:
        with pytest.raises(ValidationError, match="Choose one from the list"):
            icons.validate_icon("xyzzyqqq")

    @pytest.mark.parametrize("name", ["", "flame", "home"])
    def test_no_icon_and_known_ones_are_fine(self, name: str) -> None:
        icons.validate_icon(name)

    def test_there_is_no_path_of_an_unknown_one(self) -> None:
        with pytest.raises(icons.UnknownIcon):
            icons.icon_path("../../etc/passwd")


class TestIconsInADocument:
    def test_are_exactly_those_that_it_names_wherever_they_stand(self) -> None:
        document = {
            "icon": "flame",
            "steps": [{"content": {"icon": "home"}}, {"icon": ""}],
            "title": "wrench",
        }

        assert icons.icons_in(document) == {
            "flame": icons.icon_path("flame"),
            "home": icons.icon_path("house"),
        }

    def test_leave_out_what_lucide_does_not_know(self) -> None:
        assert icons.icons_in([{"icon": "no-such-icon"}]) == {}
