"""The part of an explanation that is about one person, or one pool."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from apps.availability.explaining.types import Code, Facts, Reason, ResourceFacts, block, blocks, fine, note
from apps.availability.explaining.words import (
    EVENT_WORDS,
    SOLD,
    Clock,
    count,
    length,
)
from apps.availability.hours.rules import (
    Rule,
    SlotTime,
    boundary,
    days_between,
    slots_of_day,
    window_of,
    working_time,
)
from apps.availability.hours.words import day_name, listed, rules_in_words
from apps.availability.lanes import Occupant, Period, peak_in_use
from apps.availability.loading import Taken
from apps.availability.models import EventType, ResourceKind
from apps.availability.offering.offers import days_after
from apps.availability.planning.free_time import stretch_of

DAY = timedelta(days=1)


def reasons_of(one: ResourceFacts, facts: Facts, start: datetime) -> Iterator[Reason]:
    """Everything that decides whether a visit can begin at `start` (UTC) with this resource, in order."""
    asked = _Asked(one, facts, start)
    reasons = [
        *asked.of_the_resource(),
        *asked.of_the_hours(),
        *asked.of_the_slot(),
        *asked.of_the_cap(),
        *asked.of_the_neighbours(),
        *asked.of_the_capacity(),
    ]
    yield from reasons
    if one.exposure is not None and not blocks(reasons):
        which = "is" if one.exposure.shown else "is not"
        yield note(
            Code.EXPOSURE,
            f"Of {one.exposure.total} free times {one.exposure.selected} are shown {one.exposure.context}; "
            f"this {which} one of them.",
            shown=one.exposure.shown,
            selected=one.exposure.selected,
            total=one.exposure.total,
        )
    if not blocks(reasons) and asked.visit is not None and start >= facts.now:
        yield fine(Code.OFFERED, f"Free: {asked.clock.span(asked.visit)} with {one.name}.")


class _Asked:
    """One resource and one start: what follows from the rules is worked out once."""

    def __init__(self, one: ResourceFacts, facts: Facts, start: datetime) -> None:
        self.one, self.facts, self.start = one, facts, start
        self.clock = Clock(facts.zone)
        self.rules = [rule for rule, _ in one.rules]
        today = self.clock.wall(start).date()
        # Working time that began yesterday may run into today.
        self.day = next((day for day in (today - DAY, today) if self._begins_in_a_window_of(day)), None)
        self.deciding = _deciding(one, self.day or today)
        self.today = today
        self.grid = [
            slot for day in (today - DAY, today) for slot in slots_of_day(self.rules, facts.zone, day)
        ]
        self.made = next((slot for slot in self.grid if slot.start_at == start), None)
        self.visit = self._visit()
        self.occupied = self.visit and Period(self.visit.start - one.before, self.visit.end + one.after)

    def _begins_in_a_window_of(self, day: date) -> bool:
        rules = _deciding(self.one, day)
        if any(rule.is_closed for rule, _ in rules):
            return False
        windows = [[boundary(wall, self.facts.zone) for wall in window_of(rule, day)] for rule, _ in rules]
        return any(opens <= self.start < closes for opens, closes in windows)

    def _visit(self) -> Period | None:
        """When the visit would be; None where neither a service nor a slot says how long it is."""
        if self.facts.need.duration is not None:
            return Period(self.start, self.start + self.facts.need.duration)
        if self.one.slot is not None:
            return self.one.slot.period
        return None if self.made is None else Period(self.made.start_at, self.made.end_at)

    def of_the_resource(self) -> Iterator[Reason]:
        """Kind, active, skills."""
        one, facts = self.one, self.facts
        if one.kind != facts.sells:
            yield block(Code.KIND, f"Customers of {facts.location} book {SOLD[facts.sells]}, not {one.name}.")
        if not one.active:
            yield block(Code.RESOURCE, f"{one.name} is switched off and takes no new bookings.")
        if one.kind == ResourceKind.POOL or not facts.need.skills:
            return
        missing = sorted(set(facts.need.skills) - one.skills)
        if missing:
            lacks = listed(f"“{skill}”" for skill in missing)
            yield block(Code.SKILLS, f"{one.name} lacks {lacks}, which the service needs.", missing=missing)
        else:
            has = listed(f"“{skill}”" for skill in sorted(facts.need.skills))
            yield fine(Code.SKILLS, f"{one.name} has {has}, which the service needs.")

    def of_the_hours(self) -> Iterator[Reason]:
        """Which rule decides the day, and whether the whole visit is in working time."""
        whose = self.deciding and self.deciding[0][0].resource_id
        said = self._rule_in_words(self.one.name if whose else self.facts.location)
        if self.day is None:
            yield block(Code.RULE, said, **self._rule_data())
            return
        yield fine(Code.RULE, said, **self._rule_data())
        if self.visit is not None:
            yield self._of_the_end(self.visit)

    def _rule_in_words(self, whose: str) -> str:
        if not self.deciding:
            return f"No hours are set for {self.one.name} on {day_name(self.today)}."
        # The closing rules close, whatever else the same day says.
        rules = [rule for rule, _ in self.deciding]
        closing = [(rule, note) for rule, note in self.deciding if rule.is_closed]
        if closing:
            return rules_in_words([closing[0][0]], whose=whose, note=closing[0][1]) + "."
        note = next((note for _, note in self.deciding if note), "")
        said = rules_in_words(rules, whose=whose, note=note)
        if rules[0].resource_id is None and self.one.kind == ResourceKind.PERSON:
            said += f", and {self.one.name} works then"
        outside = f"; {self.clock.time(self.start)} is outside that" if self.day is None else ""
        return f"{said}{outside}."

    def _rule_data(self) -> dict[str, object]:
        if not self.deciding:
            return {"kind": None}
        rule, note = self.deciding[0]
        scope = "location" if rule.resource_id is None else "resource"
        closed = any(rule.is_closed for rule, _ in self.deciding)
        return {"kind": str(rule.kind), "scope": scope, "is_closed": closed, "note": note}

    def _of_the_end(self, visit: Period) -> Reason:
        last = self.clock.wall(visit.end).date() + days_after(None)
        days = days_between(self.today - 2 * DAY, last)
        working = working_time(self.rules, self.facts.zone, days)
        if stretch_of(working, visit) is not None:
            return fine(Code.WORKING_TIME, f"The whole visit, {self.clock.span(visit)}, is working time.")
        ends = next(work.end for work in working if work.start <= self.start < work.end)
        return block(
            Code.WORKING_TIME,
            f"The visit would last until {self.clock.time(visit.end, beside=self.start)}, but working time "
            f"ends at {self.clock.time(ends, beside=self.start)}.",
            ends_at=ends.isoformat(),
        )

    def of_the_slot(self) -> Iterator[Reason]:
        """Whether there is a slot to book, and if not, why."""
        slot = self.one.slot
        if slot is not None:
            data = {"slot_id": str(slot.id), "capacity": slot.capacity}
            if slot.closed:
                said = "This time is closed: the hours no longer allow it, but somebody has had it."
                yield block(Code.SLOT, said, **data)
            elif self.made is None:
                yield note(Code.SLOT, "The hours no longer allow this time; it is still there.", **data)
            else:
                yield fine(Code.SLOT, f"A visit can begin at {self.clock.time(self.start)}.", **data)
        elif self.made is not None:
            # Of a past time nobody needs to know whether it was ever made.
            if self.start >= self.facts.now:
                yield self._not_generated(self.made)
        elif self.day is not None:
            yield self._off_the_grid(self.day)

    def _not_generated(self, made: SlotTime) -> Reason:
        until = self.one.generated_until
        generate = f"use “Generate times” on the page of {self.facts.location}."
        if until is not None and made.date <= until:
            said = f"The hours allow this time, but it has not been made yet: {generate}"
        elif until is None:
            said = f"No times have been made for {self.one.name} yet: {generate}"
        else:
            said = f"Times have been made only as far as {day_name(until)}."
        return block(Code.SLOT, said, generated_until=until and until.isoformat())

    def _off_the_grid(self, day: date) -> Reason:
        starts = [slot.start_at for slot in self.grid]
        near = [max((s for s in starts if s < self.start), default=None)]
        near += [min((s for s in starts if s > self.start), default=None)]
        nearest = [moment for moment in near if moment is not None]
        rule = self.deciding[0][0]
        said = f"No visit begins at {self.clock.time(self.start)}: on {day_name(day)} one can begin every "
        said += f"{length(timedelta(minutes=rule.granularity))} from the opening on, as long as "
        said += f"{length(timedelta(minutes=rule.duration))} are left."
        if nearest:
            said += f" Nearest: {listed(self.clock.time(moment, beside=self.start) for moment in nearest)}."
        return block(Code.GRID, said, nearest=[moment.isoformat() for moment in nearest])

    def of_the_cap(self) -> Iterator[Reason]:
        """At most so many visits a day."""
        cap, visits = self.one.daily_cap, self.one.visits_that_day
        if cap is None:
            return
        said = (
            f"{self.one.name} takes {count(cap, 'visit')} a day and has {visits} on {day_name(self.today)}."
        )
        yield (block if visits >= cap else fine)(Code.DAILY_CAP, said, cap=cap, visits=visits)

    def of_the_neighbours(self) -> Iterator[Reason]:
        """What is there around the visit, each thing by itself."""
        if self.visit is None or self.occupied is None:
            return
        one, clock = self.one, self.clock
        if one.before or one.after:
            sides = [f"{length(one.before)} before"] * bool(one.before)
            sides += [f"{length(one.after)} after"] * bool(one.after)
            yield note(
                Code.BUFFER,
                f"With {listed(sides)} it, the visit takes {one.name}’s time "
                f"{clock.span(self.occupied, beside=self.start)}.",
                occupied_from=self.occupied.start.isoformat(),
                occupied_until=self.occupied.end.isoformat(),
            )
        for taken in self._near():
            yield self._of_a_neighbour(taken)
        for lapsed in one.lapsed:
            if lapsed.occupied.overlaps(self.occupied) and lapsed.expires_at is not None:
                ended = clock.time(lapsed.expires_at, beside=self.start)
                yield note(
                    Code.HOLD, f"A hold of {clock.span(lapsed.visit)} ended at {ended} and counts no more."
                )

    def _near(self) -> list[Taken]:
        occupied = self.occupied
        return [one for one in self.one.taken if occupied is not None and one.occupied.overlaps(occupied)]

    def _of_a_neighbour(self, taken: Taken) -> Reason:
        clock = self.clock
        said = f"{clock.stretch(taken.visit, beside=self.start)} is {EVENT_WORDS[taken.type]}"
        if taken.expires_at is not None:
            ends = clock.time(taken.expires_at, beside=self.start)
            # A hold that is over counts only where time off waits behind it.
            is_over = taken.expires_at <= self.facts.now
            said += (
                f", ended at {ends}; time off takes its place"
                if is_over
                else f", until {ends} unless confirmed"
            )
        if self.one.capacity > 1:
            said += f", of {count(len(taken.lanes), 'place')}"
        code = {EventType.CUSTOMER: Code.VISIT, EventType.HOLD: Code.HOLD}.get(taken.type, Code.TIME_OFF)
        if self.visit is not None and not taken.visit.overlaps(self.visit):
            code = Code.BUFFER
            said += f", which with its buffers takes {clock.span(taken.occupied, beside=self.start)}"
        in_the_way = self._is_full() and len(taken.lanes) + self.facts.need.party > self.one.capacity
        return (block if in_the_way else note)(
            code,
            f"{said}.",
            type=str(taken.type),
            event_id=str(taken.id),
            starts_at=taken.visit.start.isoformat(),
            ends_at=taken.visit.end.isoformat(),
            expires_at=taken.expires_at and taken.expires_at.isoformat(),
        )

    def _peak(self, period: Period) -> int:
        occupants: list[Occupant] = [taken.as_occupant() for taken in self._near()]
        return peak_in_use(occupants, period)

    def _is_full(self) -> bool:
        return (
            self.occupied is not None
            and self._peak(self.occupied) + self.facts.need.party > self.one.capacity
        )

    def _room_in_words(self, peak: int) -> str:
        one, party = self.one, self.facts.need.party
        if party > one.capacity:
            return f"{count(party, 'place')} wanted, but {one.name} serves at most {one.capacity} at once."
        if not peak:
            return f"Nothing else takes {one.name}’s time then."
        if one.capacity == 1:
            return f"{one.name} serves one at a time, and is taken then."
        return (
            f"{one.name} serves {one.capacity} at once: {party} wanted, {peak} taken at the fullest moment."
        )

    def of_the_capacity(self) -> Iterator[Reason]:
        """Whether so many fit: into the resource, and into what its rule serves at once."""
        if self.visit is None or self.occupied is None:
            return
        one, party = self.one, self.facts.need.party
        peak = self._peak(self.occupied)
        yield (block if self._is_full() else fine)(
            Code.CAPACITY, self._room_in_words(peak), party=party, capacity=one.capacity, taken=peak
        )
        if one.slot is not None and one.slot.capacity < one.capacity:
            peak, limit = self._peak(self.visit), one.slot.capacity
            yield (block if peak + party > limit else fine)(
                Code.SLOT_CAPACITY,
                f"These hours serve {limit} at once: {party} wanted, {peak} there already.",
                limit=limit,
                taken=peak,
            )


def _deciding(one: ResourceFacts, day: date) -> list[tuple[Rule, str]]:
    """The rules, with their notes, of the highest rank that speaks about a day."""
    speaking = [(rule, note) for rule, note in one.rules if rule.holds_on(day)]
    highest = max((rule.rank for rule, _ in speaking), default=0)
    return [(rule, note) for rule, note in speaking if rule.rank == highest]
