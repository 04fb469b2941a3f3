"""What may open the widget: CSS selectors that browsers know, and not every click on the page."""

import pytest

from apps.flows.selectors import selector_problem


@pytest.mark.parametrize(
    "selector",
    [
        "#book-now",
        ".book",
        "[data-wrkbelt-book]",
        "a[href='#book']",
        'a[href*="book" i]',
        'a[href="x|y!=z"]',
        "button:not(.x):is(.y, .z)",
        "div:has(> a)",
        r".sm\:book",
        "#ünïcode",
        "body .book",
    ],
)
def test_takes_what_browsers_take(selector: str) -> None:
    assert selector_problem(selector) is None


@pytest.mark.parametrize(
    "selector",
    [
        "#1abc",
        "book now!",
        "..a",
        "a::before",
        "[data-x=",
        "x{}",
        "#a;b",
        ".a,",
        "p:contains(x)",
        "svg|a",
        "[a!=b]",
    ],
)
def test_refuses_what_no_browser_takes(selector: str) -> None:
    problem = selector_problem(selector)

    assert problem is not None
    assert selector in problem


@pytest.mark.parametrize("selector", ["*", "body", "a", ".book, html", "DIV"])
def test_refuses_every_click_on_the_page(selector: str) -> None:
    assert "nearly every click" in str(selector_problem(selector))


def test_knows_the_usual_slips() -> None:
    assert 'a[href="https://x.example/book"]' in str(selector_problem("https://x.example/book"))
    assert ".book-now" in str(selector_problem('<a class="book-now">'))
    assert "too long" in str(selector_problem("#" + "x" * 200))
