"""Log records: which request they belong to, and nobody's name, phone or e-mail in them (seed 003).

Phones and e-mail addresses are known by their looks. Names are not: they are known because every personal
text is sealed or opened on its way (apps/core/encryption.py), and noted there while its request lasts; and
because of the fields that they stand in. What PostgreSQL quotes of a row is blanked as a whole.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apps.core.context import current_request_id, private_texts
from apps.core.tracing import current_trace_id

EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+")
# A run of digits as people group them: one separator between two groups, brackets around the area code.
DIGIT_RUN = re.compile(r"(?<![\w.+-])(?<!\d:)(?:\+|00)?\(?\d+\)?(?:(?: ?[ ./()-] ?)\d+\)?)*(?!\w|-\w)")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{1,2})?")
IP_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
AMOUNTS = re.compile(r"(?:\d{1,7}(?:\.\d{1,3})?)(?: \d{1,7}(?:\.\d{1,3})?)*")
SHORTEST, LONGEST = 8, 15  # digits of a number that reaches somebody; E.164 allows fifteen

PERSONAL_FIELDS = frozenset(
    {
        *("name", "customer_name", "customer", "first_name", "last_name", "full_name"),
        *("phone", "phone_number", "email", "e_mail", "address", "line1", "line2", "notes", "password"),
    }
)
FIELD = re.compile(
    rf"""(["']?\b(?:{"|".join(sorted(PERSONAL_FIELDS))})["']?\s*[:=]\s*)(["'])(?:\\.|(?!\2).)*\2"""
)
VALUES = r"\1([values])"
# What PostgreSQL quotes: the values of a key, of a row, of parameters, and what it could not read.
QUOTED_BY_POSTGRESQL = [
    (re.compile(r"(Key \([^\n]*?\)=)\(.*?\)(?= (?:already|is|conflicts)|\.?$)", re.MULTILINE), VALUES),
    (re.compile(r"(Failing row contains )\(.*?\)(?=\.?$)", re.MULTILINE), VALUES),
    (re.compile(r"(\$\d+ = )'(?:''|[^'])*'"), r"\1'[value]'"),
    (re.compile(r'(invalid input (?:syntax|value) for [^\n:]*: )"[^\n]*"'), r'\1"[value]"'),
    (re.compile(r"(COPY \w+, line \d+[^\n:]*: )\"[^\n]*\""), r'\1"[value]"'),
]  # fmt: skip
# An address that opens somebody's booking.
MANAGE_TOKEN = re.compile(r"(/manage/)[^/\s?\"'>]+")

SHORTEST_WORD = 3
_traceback = logging.Formatter()
_OWN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "request_id",
    "trace_id",
}


def mask_personal_data(text: str) -> str:
    """The text with everything blanked that looks personal, or that this request knows to be."""
    for pattern, instead in QUOTED_BY_POSTGRESQL:
        text = pattern.sub(instead, text)
    text = MANAGE_TOKEN.sub(r"\1[token]", text)
    text = EMAIL.sub("[email]", FIELD.sub(r"\1\2[masked]\2", text))
    text = DIGIT_RUN.sub(_mask_phone, text)
    known = private_texts()
    return _mask_words(text, known) if known else text


def _mask_phone(match: re.Match[str]) -> str:
    run = match.group()
    digits = sum(character.isdigit() for character in run)
    if not SHORTEST <= digits <= LONGEST or DATE.fullmatch(run) or IP_ADDRESS.fullmatch(run):
        return run
    return run if "." in run and AMOUNTS.fullmatch(run) else "[phone]"


def _mask_words(text: str, known: Iterable[str]) -> str:
    words = {word for sealed in known for word in _words_of(sealed) if len(word) >= SHORTEST_WORD}
    if not words:
        return text
    longest_first = sorted(words, key=len, reverse=True)
    return re.sub(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", "[masked]", text, flags=re.IGNORECASE
    )


def _words_of(sealed: str) -> Iterator[str]:
    """The values of what was sealed (a text, or JSON of several), and the parts of a name."""
    try:
        value = json.loads(sealed)
    except ValueError:
        value = sealed
    yield from _values(value, is_name=False)


def _values(value: object, *, is_name: bool) -> Iterator[str]:
    if isinstance(value, str):
        yield value.strip()
        if is_name:
            yield from (word for word in value.split() if not word.isdigit())
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _values(inner, is_name="name" in str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, is_name=False)


class RequestIdFilter(logging.Filter):
    """Gives every record a `request_id`, and a `trace_id` where requests are traced."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs refusals once the request's own scope has ended.
        of_request = getattr(getattr(record, "request", None), "request_id", "")
        record.request_id = current_request_id() or of_request or "-"
        record.trace_id = current_trace_id() or "-"
        return True


class PersonalDataFilter(logging.Filter):
    """Masks what a record would print: its message, its arguments, its traceback and what came as `extra`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask_personal_data(_message_of(record)), None
        if record.exc_info:
            # Formatters print a text that is there already, and PostgreSQL's errors quote whole keys.
            text = record.exc_text or _traceback.formatException(record.exc_info)
            record.exc_text, record.exc_info = mask_personal_data(text), None
        if record.stack_info:
            record.stack_info = mask_personal_data(record.stack_info)
        for name in vars(record).keys() - _OWN_ATTRIBUTES:
            setattr(record, name, _masked(name, getattr(record, name)))
        return True


def _masked(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if name in PERSONAL_FIELDS and not isinstance(value, Mapping | list | tuple):
        return "[masked]"
    if isinstance(value, Mapping):
        return {str(key): _masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(name, inner) for inner in value]
    # Whatever else it is (a request, an exception, a model), a formatter prints it as text.
    return mask_personal_data(str(value))


def _message_of(record: logging.LogRecord) -> str:
    """The finished message; a wrong placeholder must not break the caller, for nothing guards filters."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"
