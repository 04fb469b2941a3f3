"""The salon on Nørrebro: its masters, its students, and when they work."""

from datetime import time

from apps.demo.machinery.business import Branch, Hours, Person

PHONE = "+4532123456"
MON, TUE, WED, THU, FRI, SAT = range(1, 7)
MASTER = ("cut", "colour")
STUDENT = ("wash", "brows")

NORREBRO = Branch(
    key="norrebro",
    name="Jægersborggade",
    timezone="Europe/Copenhagen",
    address="Jægersborggade 48, 2200 København N",
    phone=PHONE,
    hours=(
        Hours(days=(TUE, WED, THU, FRI), start=time(10), end=time(19)),
        Hours(days=(SAT,), start=time(9), end=time(15)),
    ),
    people=(
        Person(key="mads", name="Mads Holm", skills=MASTER),
        Person(key="ida", name="Ida Krogh", skills=(*MASTER, "brows")),
        Person(
            key="sofie",
            name="Sofie Bang",
            skills=MASTER,
            hours=(Hours(days=(TUE, WED, THU), start=time(11), end=time(19)), Hours(days=(FRI,))),
        ),
        Person(key="freja", name="Freja Dahl", skills=STUDENT),
        # At school on Fridays.
        Person(
            key="oskar",
            name="Oskar Lind",
            skills=STUDENT,
            hours=(Hours(days=(TUE, WED, THU), start=time(10), end=time(18)), Hours(days=(FRI,))),
        ),
    ),
)
