"""Where Summit Peak works, its technicians, and when they work."""

from datetime import time

from apps.demo.machinery.business import Branch, Hours, Person

PHONE = "+13035550142"

MON, TUE, WED, THU, FRI, SAT = range(1, 7)
WORKDAYS = (MON, TUE, WED, THU, FRI)

DENVER = Branch(
    key="denver",
    name="Denver",
    timezone="America/Denver",
    address="1840 Blake Street, Denver, CO 80202",
    phone=PHONE,
    zip_codes=(
        *("80202", "80203", "80204", "80205", "80206", "80207"),
        *("80209", "80210", "80211", "80212", "80218", "80220"),
    ),
    hours=(
        Hours(days=WORKDAYS, start=time(8), end=time(17)),
        Hours(days=(SAT,), start=time(9), end=time(13)),
    ),
    people=(
        Person(key="maria", name="Maria Delgado", skills=("plumbing", "water-heater", "gas")),
        Person(key="tom", name="Tom Becker", skills=("plumbing", "water-heater", "electrical")),
        Person(key="aisha", name="Aisha Rahman", skills=("hvac", "gas")),
        Person(
            key="kevin",
            name="Kevin O’Neill",
            skills=("electrical", "hvac"),
            hours=(
                Hours(days=(MON, TUE, WED, THU), start=time(7), end=time(16)),
                Hours(days=(FRI, SAT)),
            ),
        ),
        Person(key="grace", name="Grace Lindqvist", skills=("plumbing", "water-heater", "gas", "hvac")),
    ),
)
PHOENIX = Branch(
    key="phoenix",
    name="Phoenix",
    timezone="America/Phoenix",
    address="415 East Roosevelt Street, Phoenix, AZ 85004",
    phone="+16025550187",
    zip_codes=(
        *("85003", "85004", "85006", "85007", "85008"),
        *("85012", "85013", "85014", "85015", "85016"),
    ),
    # Attics are bearable early in the day.
    hours=(
        Hours(days=WORKDAYS, start=time(7), end=time(16)),
        Hours(days=(SAT,), start=time(8), end=time(12)),
    ),
    people=(
        Person(key="luis", name="Luis Ortega", skills=("plumbing", "water-heater", "gas")),
        Person(key="hannah", name="Hannah Cole", skills=("hvac", "gas", "electrical")),
        Person(
            key="ben",
            name="Ben Nakamura",
            skills=("plumbing", "water-heater", "electrical", "hvac"),
            hours=(
                Hours(days=(TUE, WED, THU, FRI), start=time(9), end=time(18)),
                Hours(days=(SAT,), start=time(8), end=time(12)),
                Hours(days=(MON,)),
            ),
        ),
    ),
)
BRANCHES = (DENVER, PHOENIX)
