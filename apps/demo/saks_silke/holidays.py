"""The Danish public holidays on which the salon is closed; pure."""

from datetime import date, timedelta

DECEMBER = 12


def holidays_of(year: int) -> dict[date, str]:
    """Danish name by date, in order."""
    easter = easter_of(year)
    moving = {
        -3: "Skærtorsdag",
        -2: "Langfredag",
        0: "Påskedag",
        1: "2. påskedag",
        39: "Kristi himmelfartsdag",
        49: "Pinsedag",
        50: "2. pinsedag",
    }
    return {
        date(year, 1, 1): "Nytårsdag",
        **{easter + timedelta(days=days): name for days, name in moving.items()},
        date(year, DECEMBER, 24): "Juleaften",
        date(year, DECEMBER, 25): "Juledag",
        date(year, DECEMBER, 26): "2. juledag",
        date(year, DECEMBER, 31): "Nytårsaften",
    }


def easter_of(year: int) -> date:
    """Easter Sunday of the Gregorian calendar: the Sunday after the church's full moon in spring."""
    golden = year % 19
    century = year // 100
    # The church's moon: it falls behind the real one a little each century, and leap days are left out.
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=epact - weekday)
