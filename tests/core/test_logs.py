"""Nobody's phone or e-mail gets into a log, and everything else stays readable."""

import json
import logging
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pythonjsonlogger.json import JsonFormatter

from apps.core.context import MOST_PRIVATE_TEXTS, note_private, request_id_scope
from apps.core.encryption import new_wrapped_key, seal_text, unseal_text, unwrap_key
from apps.core.ids import new_id
from apps.core.logs import PersonalDataFilter, RequestIdFilter, mask_personal_data
from tests.log_watch import LogWatch


class TestMasking:
    @pytest.mark.parametrize(
        "text",
        [
            "+13035550142",
            "3035550142",
            "303-555-0142",
            "(303) 555-0142",
            "303.555.0142",
            "+49 30 123456",
            "+49 (0)30 / 123456",
            "0049 30 1234567",
            "+971 55 123 4567",
            "+1 303 555 0142",
        ],
    )
    @pytest.mark.parametrize(
        "frame", ["{}", "call {} now", "phone:{}", "phone={},", "Call {}.", '"{}"', "<{}>"]
    )
    def test_phones_are_masked(self, text: str, frame: str) -> None:
        masked = mask_personal_data(frame.format(text))

        assert masked == frame.format("[phone]")

    @pytest.mark.parametrize(
        "text",
        ["ada@example.com", "ada.lovelace+hvac@mail.example.co.uk", "<ada@example.com>", "x=ada@a-b.io;"],
    )
    def test_addresses_are_masked(self, text: str) -> None:
        masked = mask_personal_data(text)

        assert "[email]" in masked
        assert "ada" not in masked

    @pytest.mark.parametrize(
        "text",
        [
            "2030-01-14",
            "2030-01-14 08:00:00",
            "2030-01-14T15:00:00+00:00",
            "2030-01-14 08:00:00.123456+00:00",
            "2030-01-14T15:00:00.123456Z",
            "between 2030-01-14 and 2030-02-14",
            "129.00 USD",
            "1299.00 149.00 99.00",
            "12345.67",
            "took 1234.567 ms",
            "127.0.0.1:8000",
            "192.168.100.200",
            "WB-7K3M9QX",
            "port 5432, 200 rows",
            "HTTP/1.1 200 1234",
            "v1.2.3",
        ],
    )
    def test_times_prices_and_addresses_of_machines_stay(self, text: str) -> None:
        assert mask_personal_data(text) == text

    @given(st.uuids())
    def test_uuids_stay(self, uuid: UUID) -> None:
        assert mask_personal_data(f"booking {uuid}") == f"booking {uuid}"

    def test_a_uuid_of_digits_only_stays(self) -> None:
        assert (
            mask_personal_data("01936570-1234-7123-9123-123456789012")
            == "01936570-1234-7123-9123-123456789012"
        )

    def test_our_own_ids_stay(self) -> None:
        ids = [str(new_id()) for _ in range(2_000)]

        assert [mask_personal_data(one) for one in ids] == ids

    def test_a_long_line_of_digits_takes_no_long_time(self) -> None:
        assert mask_personal_data("1 " * 50_000).startswith("1 1 ")


class TestFields:
    @pytest.mark.parametrize(
        ("text", "masked"),
        [
            ("{'name': 'Zed Quux', 'seats': 2}", "{'name': '[masked]', 'seats': 2}"),
            ('{"customer": {"name": "Zed \\"Q\\" Quux"}}', '{"customer": {"name": "[masked]"}}'),
            ("Identity(name='Zed Quux', phone='unlisted')", "Identity(name='[masked]', phone='[masked]')"),
            ("GET /v1/bookings/manage/s3cr3t-t0ken?x=1", "GET /v1/bookings/manage/[token]?x=1"),
            ("/v1/bookings/manage/s3cr3t/cancel", "/v1/bookings/manage/[token]/cancel"),
            (
                "DETAIL:  Key (organization_id, name)=(7, Zed Quux (senior)) already exists.",
                "DETAIL:  Key (organization_id, name)=([values]) already exists.",
            ),
            (
                "DETAIL:  Failing row contains (7, Zed Quux, null).",
                "DETAIL:  Failing row contains ([values]).",
            ),
            (
                "CONTEXT:  unnamed portal with parameters: $1 = 'Zed O''Quux', $2 = '7'",
                "CONTEXT:  unnamed portal with parameters: $1 = '[value]', $2 = '[value]'",
            ),
            (
                'invalid input syntax for type uuid: "Zed Quux"',
                'invalid input syntax for type uuid: "[value]"',
            ),
        ],
    )
    def test_what_stands_in_a_personal_field_is_masked(self, text: str, masked: str) -> None:
        assert mask_personal_data(text) == masked


class TestKnownTexts:
    @pytest.fixture
    def key(self) -> bytes:
        return unwrap_key(new_wrapped_key(owner=b"somebody"), owner=b"somebody")

    def test_a_name_that_was_sealed_is_masked_wherever_it_stands(self, key: bytes) -> None:
        with request_id_scope("abcdefgh"):
            seal_text(key, json.dumps({"name": "Zed Quux", "phone": None}), field="identity")

            assert mask_personal_data("sent to ZED QUUX, dear Zed, quuxes") == (
                "sent to [masked], dear [masked], quuxes"
            )

    def test_so_is_one_that_was_opened(self, key: bytes) -> None:
        sealed = seal_text(key, json.dumps({"name": "Zed Quux"}), field="identity")
        with request_id_scope("abcdefgh"):
            unseal_text(key, sealed, field="identity")

            assert mask_personal_data("Zed Quux") == "[masked]"

    def test_a_note_is_masked_as_a_whole_only(self, key: bytes) -> None:
        with request_id_scope("abcdefgh"):
            seal_text(key, json.dumps({"notes": "ring the bell twice"}), field="notes")

            assert mask_personal_data("ring the bell twice") == "[masked]"
            assert mask_personal_data("the bell") == "the bell"

    def test_it_is_forgotten_with_its_request(self, key: bytes) -> None:
        with request_id_scope("abcdefgh"):
            seal_text(key, json.dumps({"name": "Zed Quux"}), field="identity")

        with request_id_scope("ijklmnop"):
            assert mask_personal_data("Zed Quux") == "Zed Quux"

    def test_however_much_is_opened_the_latest_is_known(self) -> None:
        with request_id_scope("abcdefgh"):
            for number in range(MOST_PRIVATE_TEXTS * 2):
                note_private(json.dumps({"name": f"Zed Number{number}"}))

            assert mask_personal_data(f"Zed Number{MOST_PRIVATE_TEXTS * 2 - 1}") == "[masked]"


@pytest.fixture
def stream() -> StringIO:
    return StringIO()


@pytest.fixture
def logger(stream: StringIO) -> logging.Logger:
    logger = logging.getLogger("tests.masked")
    logger.handlers.clear()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RequestIdFilter())
    handler.addFilter(PersonalDataFilter())
    handler.setFormatter(logging.Formatter("{request_id} {message}", style="{"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return logger


class TestFilters:
    def test_arguments_are_masked_too(self, logger: logging.Logger, stream: StringIO) -> None:
        logger.info("called %s, wrote to %s", "+13035550142", "ada@example.com")

        assert stream.getvalue() == "- called [phone], wrote to [email]\n"

    def test_tracebacks_are_masked_too(self, logger: logging.Logger, stream: StringIO) -> None:
        number = "+1303" + "5550142"
        try:
            int(number + "!")
        except ValueError:
            logger.exception("no")

        assert "Traceback" in stream.getvalue()
        assert "[phone]" in stream.getvalue()
        assert number not in stream.getvalue()

    def test_tracebacks_are_masked_in_json_as_well(self, logger: logging.Logger, stream: StringIO) -> None:
        logger.handlers[0].setFormatter(JsonFormatter("%(message)s"))
        number = "+1303" + "5550142"
        try:
            int(number + "!")
        except ValueError:
            logger.exception("no")

        assert number not in stream.getvalue()
        assert "Traceback" in stream.getvalue()

    def test_a_wrong_placeholder_does_not_break_the_caller(
        self, logger: logging.Logger, stream: StringIO
    ) -> None:
        arguments = ["ada@example.com"]
        logger.info("%d seats for %s", *arguments)

        assert "[email]" in stream.getvalue()

    def test_records_carry_the_request_id(self, logger: logging.Logger, stream: StringIO) -> None:
        with request_id_scope("abcdefgh-1"):
            logger.info("hello")

        assert stream.getvalue() == "abcdefgh-1 hello\n"

    def test_what_comes_as_extra_is_masked(self, logger: logging.Logger, stream: StringIO) -> None:
        logger.handlers[0].setFormatter(JsonFormatter("%(message)s"))
        extra: dict[str, Any] = {
            "customer_name": "Zed Quux",
            "details": {"phone": "+13035550142", "list": ["ada@example.com", 3], "seats": 2},
            "error": ValueError("call +13035550142"),
            "status_code": 404,
        }

        logger.info("no", extra=extra)

        written = json.loads(stream.getvalue())
        assert written["customer_name"] == "[masked]"
        assert written["details"] == {"phone": "[masked]", "list": ["[email]", 3], "seats": 2}
        assert written["error"] == "call [phone]"
        assert written["status_code"] == 404

    @pytest.mark.django_db
    def test_what_postgresql_says_of_a_row_is_masked(self, logger: logging.Logger, stream: StringIO) -> None:
        name = "Zed {}".format("Quux")  # a traceback would quote the line that says it in one piece
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE guests (name text PRIMARY KEY, seats int CHECK (seats > 0))"
            )
            for seats in (1, 1):
                try:
                    with transaction.atomic():
                        cursor.execute("INSERT INTO guests VALUES (%s, %s)", [name, seats])
                except IntegrityError:
                    logger.exception("no room")
            try:
                with transaction.atomic():
                    cursor.execute("INSERT INTO guests VALUES (%s, %s)", [f"{name} II", 0])
            except IntegrityError:
                logger.exception("no seats")

        assert stream.getvalue().count("Traceback") >= 2
        assert "already exists" in stream.getvalue()
        assert "Failing row contains" in stream.getvalue()
        assert "Zed" not in stream.getvalue()


class TestTheWatchOverThisRun:
    """tests/conftest.py has one over every test; here is what it would find."""

    def watched(self, file: Path, *, masked: bool) -> list[str]:
        watch = LogWatch(file, masked=masked)
        watch.begin()
        try:
            key = unwrap_key(new_wrapped_key(owner=b"somebody"), owner=b"somebody")
            with request_id_scope("abcdefgh"):
                seal_text(key, json.dumps({"name": "Zed Quux"}), field="identity")
                record = logging.makeLogRecord(
                    {"msg": "Zed Quux, +13035550142, ada@example.com", "levelno": logging.INFO}
                )
                watch.handler.handle(record)
        finally:
            watch.end()
        return watch.leaks()

    def test_it_finds_what_nobody_masked(self, tmp_path: Path) -> None:
        leaks = self.watched(tmp_path / "log", masked=False)

        assert [leak.rpartition("<- ")[2] for leak in leaks] == [
            "+13035550142",
            "Zed Quux",
            "ada@example.com",
        ]

    def test_it_finds_nothing_where_the_filters_are(self, tmp_path: Path) -> None:
        assert self.watched(tmp_path / "log", masked=True) == []
