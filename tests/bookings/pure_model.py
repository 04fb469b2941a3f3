"""What holds and bookings must do, in plain Python: no database, no locks, no lanes, no sweeps.

A hold or an offer is over the moment that its time comes, whether or not anybody has noted it. The world says
for each wish in which ways it can be had, by trying all of them, and why not where there is none.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

NOTHING = timedelta(0)
OK, FULL, NOT_BOOKABLE, TWICE = "", "SLOT_FULL", "SLOT_NOT_BOOKABLE", "ALREADY_BOOKED"
SOONEST = timedelta(minutes=1)  # an offer that could not be read before its visit is none


@dataclass(frozen=True)
class Person:
    key: Hashable
    skills: frozenset[str]
    seats: int = 1
    before: timedelta = NOTHING
    after: timedelta = NOTHING


@dataclass(frozen=True)
class Service:
    key: Hashable
    skill: str
    length: timedelta
    price: int | None


@dataclass(frozen=True)
class Piece:
    """One service of a visit on somebody's calendar; busy is with getting ready and cleaning up."""

    who: Hashable
    start: datetime
    end: datetime
    busy_from: datetime
    busy_to: datetime
    seats: int


Way = tuple[Piece, ...]


@dataclass(frozen=True)
class Wish:
    """Services one after the other, or all at once, from a start on; `named` does all of them."""

    services: tuple[Service, ...]
    start: datetime
    party: int = 1
    parallel: bool = False
    named: Hashable = None


@dataclass(eq=False)
class Hold:
    key: Hashable
    wish: Wish
    way: Way
    until: datetime
    minutes: int
    visitor: Hashable = None
    refreshes: int = 0
    ended: str = ""  # released or converted; that it has expired the clock says
    booking: "Booking | None" = None


@dataclass(eq=False)
class Booking:
    key: Hashable
    customer: str
    services: tuple[Service, ...]
    party: int
    visitor: Hashable
    hold: Hold | None = None
    way: Way = ()
    said: str = "held"  # that a held one has expired the clock says

    @property
    def start(self) -> datetime:
        return min(piece.start for piece in self.way)

    @property
    def end(self) -> datetime:
        return max(piece.end for piece in self.way)

    @property
    def slot(self) -> tuple[Hashable, datetime] | None:
        """Whose slot it is booked by: that of its first service."""
        return (self.way[0].who, self.way[0].start) if self.way else None


@dataclass(eq=False)
class Order:
    key: Hashable
    bookings: list[Booking]
    paid: bool = False


@dataclass(eq=False)
class Offer:
    key: Hashable
    hold: Hold
    answer: str = ""  # accepted or declined; that it has lapsed the clock says


@dataclass(eq=False)
class Entry:
    """Somebody in the line, from one day to another; these are the instants at which they begin and end."""

    booking: Booking
    since: datetime
    until: datetime
    offers: list[Offer] = field(default_factory=list)
    over: str = ""  # served, left or closed


@dataclass(eq=False)
class World:
    """Everything there is. Starts are the grid, which is everybody's; so are the hours."""

    people: Sequence[Person]
    hours: Sequence[tuple[datetime, datetime]]
    starts: Sequence[datetime]
    notice: timedelta
    now: datetime
    holds: list[Hold] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    line: list[Entry] = field(default_factory=list)

    # --- What has become of things, by the clock ------------------------------------------------------

    def hold_status(self, hold: Hold) -> str:
        return hold.ended or ("active" if self.now < hold.until else "expired")

    def booking_status(self, booking: Booking) -> str:
        if booking.said == "held" and booking.hold and self.hold_status(booking.hold) == "expired":
            return "expired"
        return booking.said

    def note_what_ran_out(self) -> None:
        """A sweep; until then only the clock knows."""
        for booking in self.bookings:
            booking.said = self.booking_status(booking)

    def is_live(self, booking: Booking) -> bool:
        return self.booking_status(booking) not in {"cancelled", "expired"}

    def offer_status(self, offer: Offer) -> str:
        return offer.answer or ("open" if self.now < offer.hold.until else "lapsed")

    def entry_status(self, entry: Entry) -> str:
        if entry.over:
            return entry.over
        return "offered" if any(self.offer_status(o) == "open" for o in entry.offers) else "waiting"

    def order_status(self, order: Order) -> str:
        """An order ends with the first of its bookings that runs out, or the last that is cancelled."""
        if order.paid:
            return "paid"
        statuses = {self.booking_status(booking) for booking in order.bookings}
        return "void" if "expired" in statuses or statuses == {"cancelled"} else "open"

    # --- What is taken --------------------------------------------------------------------------------

    def taken(self, *, beside: Booking | None = None) -> list[Piece]:
        """What occupies anybody's time now, apart from one booking."""
        held = (hold.way for hold in self.holds if self.hold_status(hold) == "active")
        booked = (
            one.way for one in self.bookings if one is not beside and one.said in {"confirmed", "checked_in"}
        )
        return [piece for ways in (held, booked) for way in ways for piece in way]

    def person(self, key: Hashable) -> Person:
        return next(person for person in self.people if person.key == key)

    def fits(self, piece: Piece, taken: Iterable[Piece]) -> bool:
        """Within working time, and never more seats at once than there are."""
        if not any(start <= piece.start and piece.end <= end for start, end in self.hours):
            return False
        near = [
            one
            for one in taken
            if one.who == piece.who and one.busy_from < piece.busy_to and piece.busy_from < one.busy_to
        ]
        moments = {piece.busy_from, *(max(one.busy_from, piece.busy_from) for one in near)}
        most = max(sum(o.seats for o in near if o.busy_from <= at < o.busy_to) for at in moments)
        return most + piece.seats <= self.person(piece.who).seats

    # --- In which ways a wish can be had --------------------------------------------------------------

    def ways(self, wish: Wish, taken: Sequence[Piece]) -> list[Way]:
        if wish.start not in self.starts or wish.start < self.now + self.notice:
            return []
        return list(self._ways(wish, (), taken))

    def _ways(self, wish: Wish, done: Way, taken: Sequence[Piece]) -> Iterator[Way]:
        if len(done) == len(wish.services):
            yield done
            return
        service = wish.services[len(done)]
        for person in self.people:
            if service.skill not in person.skills or wish.named not in {None, person.key}:
                continue
            for start in self._moments(wish, person, done):
                piece = _piece(person, service, start, wish.party)
                if self.fits(piece, [*taken, *done]):
                    yield from self._ways(wish, (*done, piece), taken)

    def _moments(self, wish: Wish, person: Person, done: Way) -> set[datetime]:
        """The next begins when the last ends; whoever goes on themselves may first clean up."""
        if not done or wish.parallel:
            return {wish.start}
        last = done[-1]
        ready = {last.busy_to + person.before} if last.who == person.key else set()
        return {last.end} | ready

    def codes(self, wish: Wish, *, beside: Booking | None = None) -> set[str]:
        """Why a wish can't be had; empty where it can."""
        if self.ways(wish, self.taken(beside=beside)):
            return set()
        if self.ways(wish, ()):
            return {FULL}
        alone = Wish(wish.services, wish.start, 1, wish.parallel, wish.named)
        too_many = wish.party > 1 and self.ways(alone, ())  # never enough seats: both answers are true
        return {FULL, NOT_BOOKABLE} if too_many else {NOT_BOOKABLE}

    def pairs(self, wishes: Sequence[Wish]) -> list[tuple[Way, ...]]:
        """The ways to have all of several wishes."""
        found: list[tuple[Way, ...]] = [()]
        for wish in wishes:
            found = [
                (*before, way)
                for before in found
                for way in self.ways(wish, [*self.taken(), *(piece for one in before for piece in one)])
            ]
        return found

    # --- Who else has it, and who is next ---------------------------------------------------------------

    def twice(self, customer: str, way: Way, *, beside: Booking | None = None) -> set[str]:
        """Nobody has the same slot twice; one that ran out may be in the way until somebody notes that."""
        slot = (way[0].who, way[0].start)
        same = [
            one
            for one in self.bookings
            if one is not beside and one.customer == customer and one.slot == slot
        ]
        if any(self.is_live(one) for one in same):
            return {TWICE}
        return {TWICE, OK} if any(one.said == "held" for one in same) else {OK}

    def live_holds(self, visitor: Hashable) -> int:
        return sum(hold.visitor == visitor and self.hold_status(hold) == "active" for hold in self.holds)

    def let_go(self, entry: Entry) -> set[datetime]:
        """The starts that somebody who waits has declined or let lapse."""
        return {
            offer.hold.wish.start
            for offer in entry.offers
            if self.offer_status(offer) in {"declined", "lapsed"}
        }

    def next_in_line(self) -> tuple[Entry, Wish] | None:
        """The first who can be given anything, and their earliest start."""
        for entry in self.line:
            if self.entry_status(entry) != "waiting":
                continue
            booking = entry.booking
            for start in sorted(set(self.starts) - self.let_go(entry)):
                wish = Wish(booking.services, start, booking.party)
                inside = max(entry.since, self.now + SOONEST) <= start < entry.until
                if inside and not self.codes(wish):
                    return entry, wish
        return None


def _piece(person: Person, service: Service, start: datetime, party: int) -> Piece:
    end = start + service.length
    return Piece(person.key, start, end, start - person.before, end + person.after, party)
