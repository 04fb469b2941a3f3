"""Nobody's name, phone or e-mail is in any log line of the whole test run (seed 003).

Every line is written to a file as production writes it. What is personal is not a list kept by hand: whatever
a test sealed as a customer's, and every fixture's phone and e-mail by its looks, is looked for at the end.
"""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from pythonjsonlogger.json import JsonFormatter

from apps.core import encryption
from apps.core.context import note_private
from apps.core.logs import PersonalDataFilter, RequestIdFilter

# How the factories write them; nothing else in a log looks like this.
FIXTURES = re.compile(r"\+?1?303[- .]?555[- .]?\d{4}|[\w.+-]+@(?:[\w-]+\.)?example\.(?:com|org|net)")
IDENTITY = ("name", "phone", "email")
SHORTEST = 5
JSON_LINES = "%(asctime)s %(levelname)s %(name)s %(request_id)s %(trace_id)s %(message)s"


class LogWatch:
    """Collects lines and secrets between `begin` and `end`, and finds the ones in the others."""

    def __init__(self, file: Path, *, masked: bool = True) -> None:
        self.file = file
        self.secrets: set[str] = set()
        self.handler = logging.FileHandler(file, encoding="utf-8")
        self.handler.setLevel(logging.INFO)
        self.handler.setFormatter(JsonFormatter(JSON_LINES))
        self.handler.addFilter(RequestIdFilter())
        if masked:
            self.handler.addFilter(PersonalDataFilter())
        self._noting = mock.patch.object(encryption, "note_private", self._note)

    def begin(self) -> None:
        """From here on."""
        logging.getLogger().addHandler(self.handler)
        self._noting.start()

    def end(self) -> None:
        """Until here."""
        self._noting.stop()
        logging.getLogger().removeHandler(self.handler)
        self.handler.close()

    def _note(self, text: str) -> None:
        self.secrets.update(_identity_of(text))
        note_private(text)

    def leaks(self) -> list[str]:
        """The lines in which somebody is named, with whom they name."""
        text = self.file.read_text(encoding="utf-8")
        named = {secret for secret in self.secrets if secret in text} | set(FIXTURES.findall(text))
        return [f"{line}  <- {name}" for name in sorted(named) for line in text.splitlines() if name in line]


def _identity_of(sealed: str) -> Iterator[str]:
    try:
        value: Any = json.loads(sealed)
    except ValueError:
        return
    if isinstance(value, dict):
        for field in IDENTITY:
            text = value.get(field)
            # As JSON lines would write it, so that it is found there.
            if isinstance(text, str) and len(text) >= SHORTEST:
                yield json.dumps(text, ensure_ascii=False)[1:-1]
