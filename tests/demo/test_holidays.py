from datetime import date

from apps.demo.summit_peak.holidays import holidays_of


def test_moving_holidays_fall_on_their_weekdays() -> None:
    by_name = {name: day for day, name in holidays_of(2026).items()}

    assert by_name["Thanksgiving"] == date(2026, 11, 26)
    assert by_name["Memorial Day"] == date(2026, 5, 25)
    assert by_name["Labor Day"] == date(2026, 9, 7)
    assert by_name["Christmas Day"] == date(2026, 12, 25)
