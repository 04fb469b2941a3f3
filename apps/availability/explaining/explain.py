"""Why is this time missing? A chain of reasons, as a pure function of loaded facts (DESIGN §5).

It says of a time, for everybody who could be asked, each thing that decides: what is in order, what blocks,
and what is merely good to know. A time is offered exactly where nothing blocks. That this agrees with what
customers are shown is tested: tests/availability/explaining/test_facts.py.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from apps.availability.explaining.resource import reasons_of
from apps.availability.explaining.types import (
    Code,
    Explanation,
    Facts,
    Reason,
    ResourceExplanation,
    block,
    blocks,
    fine,
    note,
)
from apps.availability.explaining.words import SOLD, Clock, length
from apps.availability.hours.rules import boundary, to_instant
from apps.availability.hours.words import clock_time, day_name, listed

MINUTE, MICROSECOND = timedelta(minutes=1), timedelta(microseconds=1)


def explain(facts: Facts) -> Explanation:
    """Everything that decides about a time, in order: first what concerns all, then each resource."""
    reasons = [*_of_the_business(facts), *_of_the_clock(facts), *_of_the_window(facts)]
    open_to_all = not blocks(reasons)
    resources = []
    if facts.start is not None:
        for one in facts.resources:
            its_own = list(reasons_of(one, facts, facts.start))
            offered = open_to_all and not blocks(its_own)
            resources.append(
                ResourceExplanation(resource_id=one.id, name=one.name, offered=offered, reasons=its_own)
            )
    offered = any(one.offered for one in resources)
    who = listed(one.name for one in resources if one.offered) if offered else ""
    return Explanation(
        headline=_headline(facts, who),
        start_at=facts.start,
        timezone=facts.zone.key,
        offered=offered,
        reasons=reasons,
        resources=resources,
    )


def _headline(facts: Facts, who: str) -> str:
    asked = f"{clock_time(facts.asked.time())} on {day_name(facts.asked.date())}"
    verdict = f"is offered, with {who}" if who else "is not offered"
    what = f" for {facts.service}" if facts.service else ""
    return f"{asked} ({facts.zone.key}) at {facts.location}{what} {verdict}."


def _of_the_business(facts: Facts) -> Iterator[Reason]:
    if not facts.organization_active:
        yield block(Code.ORGANIZATION, f"{facts.organization} is switched off: nobody can book anything.")
    if not facts.location_active:
        yield block(Code.LOCATION, f"{facts.location} is switched off: customers don’t see it.")
    if facts.service is not None and not facts.service_active:
        yield block(Code.SERVICE, f"{facts.service} is switched off: nobody can book it.")
    if not facts.resources and facts.start is not None:
        yield block(
            Code.RESOURCE, f"{facts.location} has nobody to book; customers there book {SOLD[facts.sells]}."
        )


def _of_the_clock(facts: Facts) -> Iterator[Reason]:
    """What a change of the clocks does to the time."""
    clock, asked = Clock(facts.zone), f"{clock_time(facts.asked.time())} on {day_name(facts.asked.date())}"
    if facts.start is None:
        change = boundary(facts.asked, facts.zone)
        last = clock.time(change - timedelta(minutes=1))
        yield block(
            Code.CLOCK_CHANGE,
            f"There is no {asked} in {facts.zone.key}: after {last} comes {clock.time(change)}.",
            change_at=change.isoformat(),
        )
        return
    wall = facts.asked.replace(tzinfo=facts.zone)
    if wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset():
        is_first = facts.start == to_instant(facts.asked.replace(fold=0), facts.zone)
        which = "first, the one that is sold" if is_first else "second: a repeated hour is not sold again"
        yield note(
            Code.CLOCK_CHANGE,
            f"{asked} comes twice in {facts.zone.key}, for the clocks go back. This is the {which}.",
            is_first=is_first,
        )


def _of_the_window(facts: Facts) -> Iterator[Reason]:
    """Notice and horizon."""
    start, window, clock = facts.start, facts.window, Clock(facts.zone)
    if start is None:
        return
    # Visits begin at whole minutes: the first and the last one inside.
    earliest = clock.moment(_whole_minute(window.earliest + MINUTE - MICROSECOND))
    latest = clock.moment(_whole_minute(window.latest))
    if start < facts.now:
        yield block(Code.NOTICE, f"It is past: now it is {clock.moment(_whole_minute(facts.now))}.")
    elif start < window.earliest:
        yield block(
            Code.NOTICE,
            f"Customers book at least {length(window.earliest - facts.now)} ahead: now the earliest start is "
            f"{earliest}.",
            earliest=window.earliest.isoformat(),
        )
    else:
        yield fine(Code.NOTICE, f"It is late enough: the earliest start now is {earliest}.")
    if start > window.latest:
        yield block(
            Code.HORIZON,
            f"Customers book at most {length(window.latest - facts.now)} ahead: now until {latest}.",
            latest=window.latest.isoformat(),
        )
    else:
        yield fine(Code.HORIZON, f"It is soon enough: the latest start now is {latest}.")


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
