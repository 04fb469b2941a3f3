"""Log records: which request they belong to, and nobody's phone or e-mail in them (seed 003)."""

import logging
import re

from apps.core.context import current_request_id

EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+")
PHONE = re.compile(r"(?<![\w.:-])\+?\d[\d ().-]{7,16}\d(?![\w.:-])")


def mask_personal_data(text: str) -> str:
    """The text with everything that looks like an e-mail address or a phone number blanked."""
    return PHONE.sub("[phone]", EMAIL.sub("[email]", text))


class RequestIdFilter(logging.Filter):
    """Gives every record a `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True


class PersonalDataFilter(logging.Filter):
    """Masks what a record would print, arguments included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = mask_personal_data(record.getMessage())
        record.args = None
        return True
