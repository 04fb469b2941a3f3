"""Log records: which request they belong to, and nobody's phone or e-mail in them (seed 003)."""

import logging
import re

from apps.core.context import current_request_id

EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+")
# A run of digits as people group them: one separator between two groups, brackets around the area code.
DIGIT_RUN = re.compile(r"(?<![\w.+-])(?<!\d:)(?:\+|00)?\(?\d+\)?(?:(?: ?[ ./()-] ?)\d+\)?)*(?!\w|-\w)")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{1,2})?")
IP_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
AMOUNTS = re.compile(r"(?:\d{1,7}(?:\.\d{1,3})?)(?: \d{1,7}(?:\.\d{1,3})?)*")
SHORTEST, LONGEST = 8, 15  # digits of a number that reaches somebody; E.164 allows fifteen

_traceback = logging.Formatter()


def mask_personal_data(text: str) -> str:
    """The text with everything that looks like an e-mail address or a phone number blanked."""
    return DIGIT_RUN.sub(_mask_phone, EMAIL.sub("[email]", text))


def _mask_phone(match: re.Match[str]) -> str:
    run = match.group()
    digits = sum(character.isdigit() for character in run)
    if not SHORTEST <= digits <= LONGEST or DATE.fullmatch(run) or IP_ADDRESS.fullmatch(run):
        return run
    return run if "." in run and AMOUNTS.fullmatch(run) else "[phone]"


class RequestIdFilter(logging.Filter):
    """Gives every record a `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True


class PersonalDataFilter(logging.Filter):
    """Masks what a record would print: its message, its arguments and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask_personal_data(_message_of(record)), None
        if record.exc_info:
            # Formatters print a text that is there already, and PostgreSQL's errors quote whole keys.
            text = record.exc_text or _traceback.formatException(record.exc_info)
            record.exc_text, record.exc_info = mask_personal_data(text), None
        return True


def _message_of(record: logging.LogRecord) -> str:
    """The finished message; a wrong placeholder must not break the caller, for nothing guards filters."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"
