import threading
from concurrent.futures import ThreadPoolExecutor

from apps.core.flights import Flights


class TestFlights:
    def test_of_many_who_need_one_thing_one_makes_it(self) -> None:
        flights, barrier = Flights(), threading.Barrier(8)
        made: list[int] = []

        def need(number: int) -> int:
            barrier.wait(timeout=10)
            with flights.alone("thing"):
                if not made:
                    made.append(number)
                return made[0]

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(need, range(8)))) == 1
        assert len(made) == 1

    def test_other_things_are_not_waited_for(self) -> None:
        flights = Flights()
        with flights.alone("one"), ThreadPoolExecutor(1) as pool:
            assert pool.submit(self._inside, flights, "other").result(timeout=10)

    def test_nothing_stays_behind_also_after_an_error(self) -> None:
        flights = Flights()
        try:
            with flights.alone("thing"):
                raise ValueError  # noqa: TRY301  (what the maker may meet)
        except ValueError:
            pass
        assert self._inside(flights, "thing")
        assert flights._locks == {}

    def _inside(self, flights: Flights, key: str) -> bool:
        with flights.alone(key):
            return True
