"""Phone numbers in one form."""

import pytest

from apps.core.phones import InvalidPhone, to_e164


class TestToE164:
    @pytest.mark.parametrize(
        ("typed", "country", "stored"),
        [
            ("(303) 555-0142", "US", "+13035550142"),
            ("303.555.0142", "US", "+13035550142"),
            ("+1 303 555 0142", "DE", "+13035550142"),
            ("030 123456", "DE", "+4930123456"),
            ("055 123 4567", "AE", "+971551234567"),
            ("  +44 20 7946 0958 ", "US", "+442079460958"),
        ],
    )
    def test_reads_what_people_type(self, typed: str, country: str, stored: str) -> None:
        assert to_e164(typed, country=country) == stored

    @pytest.mark.parametrize(
        "typed", ["", "call me", "12", "+1 303 555 0142 9999 1234", "++1", "+999 1234567"]
    )
    def test_refuses_what_cannot_be_called(self, typed: str) -> None:
        with pytest.raises(InvalidPhone):
            to_e164(typed, country="US")

    def test_refuses_a_number_without_its_area_code(self) -> None:
        with pytest.raises(InvalidPhone):
            to_e164("555-0142", country="US")
