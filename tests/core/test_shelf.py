"""What a process remembers stays within bounds."""

from apps.core.shelf import Shelf


def test_it_forgets_what_was_not_used_for_longest() -> None:
    shelf: Shelf[str, int] = Shelf(2)
    shelf.put("a", 1)
    shelf.put("b", 2)
    shelf.get("a")
    shelf.put("c", 3)

    assert [shelf.get(key) for key in "abc"] == [1, None, 3]


def test_heavy_things_make_the_others_leave() -> None:
    shelf: Shelf[str, int] = Shelf(10, weight=100)
    shelf.put("a", 1, weight=40)
    shelf.put("b", 2, weight=40)
    shelf.put("c", 3, weight=40)

    assert [shelf.get(key) for key in "abc"] == [None, 2, 3]


def test_a_thing_that_is_put_again_weighs_what_it_weighs_now() -> None:
    shelf: Shelf[str, int] = Shelf(10, weight=100)
    for _ in range(5):
        shelf.put("a", 1, weight=90)
    shelf.put("a", 1, weight=50)
    shelf.put("b", 2, weight=50)

    assert [shelf.get(key) for key in "ab"] == [1, 2]


def test_one_thing_that_is_too_heavy_is_kept_until_the_next() -> None:
    shelf: Shelf[str, int] = Shelf(10, weight=100)
    shelf.put("a", 1, weight=500)
    assert shelf.get("a") == 1

    shelf.put("b", 2, weight=1)
    assert [shelf.get(key) for key in "ab"] == [None, 2]
