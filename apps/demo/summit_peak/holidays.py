"""The public holidays on which the company stays at home; pure."""

import calendar
from datetime import date

MAY, JULY, SEPTEMBER, NOVEMBER, DECEMBER = 5, 7, 9, 11, 12


def holidays_of(year: int) -> dict[date, str]:
    """Name by date, in order."""
    return {
        date(year, 1, 1): "New Year’s Day",
        _weekdays(year, MAY, calendar.MONDAY)[-1]: "Memorial Day",
        date(year, JULY, 4): "Independence Day",
        _weekdays(year, SEPTEMBER, calendar.MONDAY)[0]: "Labor Day",
        _weekdays(year, NOVEMBER, calendar.THURSDAY)[3]: "Thanksgiving",
        date(year, DECEMBER, 25): "Christmas Day",
    }


def _weekdays(year: int, month: int, weekday: int) -> list[date]:
    """Every such weekday of a month."""
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return [week[weekday] for week in weeks if week[weekday].month == month]
