"""Lists of zip codes as people write them, upload them and read them. Pure, no ORM."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.flows.zips import Coverage, bare, compact, shape_of

# Of a file of thousands of mistakes nobody reads more than these.
MAX_PROBLEMS = 20
MAX_PREFIXES_NAMED = 3
MAX_UPLOAD_BYTES = 1_000_000
LENGTH_BY_COUNTRY = {"US": 5, "DK": 4, "NO": 4, "SE": 5, "DE": 5, "AT": 4, "CH": 4, "FR": 5, "ES": 5, "IT": 5}

_HEADING = re.compile(r"\b(zip|postal|post\s?code|plz|postnummer)", re.IGNORECASE)
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]{1,11}")
_RANGE = re.compile(r"(\d{2,12})\s*(?:-|–|—|\.\.|to)\s*(\d{2,12})", re.IGNORECASE)
_PREFIX = re.compile(r"([0-9A-Za-z][0-9A-Za-z ]{0,10})\*+")
_NINE_DIGITS = re.compile(r"(\d{5})-\d{4}")
# Spaces part two codes of digits, and stand inside of “SW1A 1AA” and “113 51”.
_BETWEEN = re.compile(r"[,;\t]|(?<=[\d*])\s+(?=\d{3,})")


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong in a line, counted from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a text: the codes, how many stood there more than once, and what was not."""

    coverage: Coverage
    repeated: int
    problems: tuple[LineProblem, ...]
    more_problems: int = 0


class NotReadable(ValueError):
    """An upload that is no list; the message says why."""


def text_of_upload(content: bytes) -> str:
    """An uploaded CSV or text file as text. Raises NotReadable."""
    if len(content) > MAX_UPLOAD_BYTES:
        raise NotReadable("The file is larger than 1 MB. Split it, or write ranges such as 80202-80211.")
    if b"\0" in content:
        raise NotReadable("This is no text file. Save your list as CSV, then upload that.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def read(text: str, *, length: int | None = None) -> Reading:
    """Codes, beginnings (802*) and ranges (80202-80211), with commas, spaces or new lines between them.

    A first line of headings is passed over; of a table, only the column of zip codes is read. `length` is the
    number of digits of the country's codes; None where they differ.
    """
    codes: list[str] = []
    prefixes: list[str] = []
    ranges: list[tuple[str, str]] = []
    problems: list[LineProblem] = []
    for line, entry in _entries(text):
        try:
            _sort_in(entry, length, codes, prefixes, ranges)
        except ValueError as error:
            problems.append(LineProblem(line, str(error)))
    as_typed = Coverage(tuple(codes), tuple(prefixes), tuple(ranges))
    coverage = compact(as_typed, shape_of([as_typed], length))
    return Reading(
        coverage=coverage,
        repeated=len(codes) - len({bare(code) for code in codes}),
        problems=tuple(problems[:MAX_PROBLEMS]),
        more_problems=max(0, len(problems) - MAX_PROBLEMS),
    )


def _entries(text: str) -> Iterator[tuple[int, str]]:
    lines = text.splitlines()
    column = _column_of(lines[0]) if lines else None
    for number, line in enumerate(lines, start=1):
        if number == 1 and _is_heading(line):
            continue
        cells = _cells(line, column) if column is not None else _BETWEEN.split(line)
        for cell in cells:
            if entry := cell.strip().strip("\"'").strip():
                yield number, entry


def _is_heading(line: str) -> bool:
    return _HEADING.search(line) is not None and not re.search(r"\d", line)


def _column_of(heading: str) -> int | None:
    """Which column of a table has the codes; None where the first line is no heading of a table."""
    if not _is_heading(heading):
        return None
    cells = next(csv.reader([heading], delimiter=_delimiter(heading)), [])
    return next((place for place, cell in enumerate(cells) if len(cells) > 1 and _HEADING.search(cell)), None)


def _delimiter(heading: str) -> str:
    return max(",;\t", key=heading.count)


def _cells(line: str, column: int) -> Sequence[str]:
    cells = next(csv.reader([line], delimiter=_delimiter(line)), [])
    return cells[column : column + 1]


def _sort_in(
    entry: str, length: int | None, codes: list[str], prefixes: list[str], ranges: list[tuple[str, str]]
) -> None:
    """Put an entry where it belongs. Raises ValueError with a sentence."""
    if (nine := _NINE_DIGITS.fullmatch(entry)) and length in (None, 5):
        raise ValueError(f"“{entry}” is the code of one address. Write {nine[1]}.")
    if (pair := _RANGE.fullmatch(entry)) and len(pair[1]) == len(pair[2]):
        if pair[1] > pair[2]:
            raise ValueError(f"“{entry}” runs backwards. Write {pair[2]}-{pair[1]}.")
        _ensure_length(pair[1], length)
        ranges.append((pair[1], pair[2]))
    elif prefix := _PREFIX.fullmatch(entry):
        if length and len(bare(prefix[1])) > length:
            raise ValueError(f"“{entry}” is longer than a zip code of {length} digits.")
        prefixes.append(bare(prefix[1]))
    elif entry.strip("*") == "":
        raise ValueError("“*” would be everywhere. Switch this step off instead.")
    elif _CODE.fullmatch(entry) and re.search(r"\d", entry):
        _ensure_length(bare(entry), length)
        codes.append(entry.upper())
    else:
        raise ValueError(f"“{entry[:40]}” is no zip code.")


def _ensure_length(code: str, length: int | None) -> None:
    if length is None or not code.isdigit() or len(code) == length:
        return
    said = f"“{code}” has {len(code)} digits, and zip codes here have {length}."
    if len(code) < length:
        raise ValueError(f"{said} A spreadsheet may have cut its zeros: {code.zfill(length)}?")
    raise ValueError(said)


def in_text(coverage: Coverage) -> str:
    """The codes as one writes them, beginnings first."""
    entries = [(first, f"{first}-{last}") for first, last in coverage.ranges]
    entries += [(code, code) for code in coverage.codes]
    return ", ".join(
        [*(f"{prefix}*" for prefix in coverage.prefixes), *(text for _, text in sorted(entries))]
    )


def in_words(coverages: Sequence[Coverage]) -> str:
    """“21 zip codes and all that begin with 802”."""
    count = sum(coverage.count for coverage in coverages)
    prefixes = [prefix for coverage in coverages for prefix in coverage.prefixes]
    words = [f"{count:,} zip code{'' if count == 1 else 's'}"] if count or not prefixes else []
    if prefixes:
        more = len(prefixes) - MAX_PREFIXES_NAMED
        shown = [*prefixes[:MAX_PREFIXES_NAMED], *([f"{more} more"] if more > 0 else [])]
        listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
        words.append(f"all that begin with {listed}")
    return " and ".join(words)
