"""Whether a text is a CSS selector that may open the widget. Pure."""

import re

import soupsieve

# What is every click on the page, or nearly: the page's own links would stop working.
EVERYTHING = {"*", "html", "body", ":root", "main", "div", "a"}
# soupsieve's own additions, which browsers do not know.
NOT_CSS = re.compile(r":-soup-|:contains\(|!=|\|(?!=)")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
MAX_LENGTH = 200


def selector_problem(selector: str) -> str | None:
    """What is wrong with a selector, in words for its author; None if a browser can use it."""
    if len(selector) > MAX_LENGTH:
        return f"“{selector[:40]}…” is too long: at most {MAX_LENGTH} characters."
    if NOT_CSS.search(QUOTED.sub("", selector)):
        return f"“{selector}” is not a CSS selector that browsers know."
    try:
        soupsieve.compile(selector)
    except (soupsieve.SelectorSyntaxError, NotImplementedError):
        hint = _hint(selector)
        return f"“{selector}” is not a CSS selector.{hint}"
    if any(part.strip().lower() in EVERYTHING for part in selector.split(",")):
        return (
            f"“{selector}” is nearly every click on the page. Name your booking buttons, such as #book-now."
        )
    return None


def _hint(selector: str) -> str:
    """The usual slips: a whole tag, or an address."""
    if selector.startswith("<"):
        return ' Write what marks the button, such as .book-now for <a class="book-now">.'
    if selector.startswith(("http:", "https:", "/")):
        return f' For links to an address write a[href="{selector}"].'
    return " It looks like #book-now (an id), .book-now (a class) or [data-book]."
