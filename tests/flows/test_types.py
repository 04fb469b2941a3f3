from typing import Any

import pytest
from pydantic import ValidationError

from apps.core.ids import new_id
from apps.flows.types import dump_step_config, parse_step_config
from tests.factories.flows import zipcode_config


class TestDefaults:
    @pytest.mark.parametrize(
        ("step_type", "config"),
        [
            ("service_selection", {"allow_several": False}),
            ("details", {"fields": []}),
            (
                "timeslot",
                {"allow_resource_choice": False, "location_id": None, "location_name": ""},
            ),
            ("customer", {"fields": {"email": "optional", "address": "optional"}, "consent_text": ""}),
            ("summary", {"policy_text": "", "confirm_label": None}),
        ],
    )
    def test_an_empty_config_is_filled_in(self, step_type: str, config: dict[str, Any]) -> None:
        assert dump_step_config(parse_step_config(step_type, {})) == config

    def test_a_detail_field_is_filled_in(self) -> None:
        config = {"fields": [{"key": "model", "label": "Model number"}]}
        assert dump_step_config(parse_step_config("details", config))["fields"] == [
            {
                "key": "model",
                "label": "Model number",
                "help_text": "",
                "kind": "text",
                "required": False,
                "max_length": 500,
                "options": [],
            }
        ]

    def test_zip_codes_are_trimmed_and_capitals(self) -> None:
        config = zipcode_config()
        config["areas"][0]["zip_codes"] = [" 80202 ", "sw1a 1aa"]
        written = dump_step_config(parse_step_config("zipcode", config))
        assert written["areas"][0]["zip_codes"] == ["80202", "SW1A 1AA"]


@pytest.mark.parametrize(
    ("step_type", "config", "words"),
    [
        ("zipcode", {"areas": []}, "no zip code yet"),
        ("zipcode", {}, "no zip code yet"),
        ("zipcode", {"areas": [{"location_id": "x", "location_name": "A", "zip_codes": ["1"]}]}, "UUID"),
        ("timeslot", {"allow_resource_choice": True, "colour": "red"}, "Extra inputs"),
        ("service_selection", {"nodes": []}, "Extra inputs"),
        ("customer", {"fields": {"email": "maybe"}}, "'required', 'optional' or 'hidden'"),
        ("details", {"fields": [{"key": "a b", "label": "A"}]}, "pattern"),
        ("details", {"fields": [{"key": "a", "label": "A", "kind": "select"}]}, "needs options"),
        ("details", {"fields": [{"key": "a", "label": "A"}, {"key": "a", "label": "B"}]}, "twice"),
    ],
)
def test_refuses(step_type: str, config: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        parse_step_config(step_type, config)


def test_refuses_a_zip_code_of_two_locations() -> None:
    areas = [
        {"location_id": str(new_id()), "location_name": name, "zip_codes": ["80202"]}
        for name in ("Downtown", "Airport")
    ]
    with pytest.raises(ValidationError, match="80202 belongs to both Downtown and Airport"):
        parse_step_config("zipcode", {"areas": areas})
