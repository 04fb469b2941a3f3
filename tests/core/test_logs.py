"""Nobody's phone or e-mail gets into a log, and everything else stays readable."""

import logging
from io import StringIO
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonjsonlogger.json import JsonFormatter

from apps.core.context import request_id_scope
from apps.core.ids import new_id
from apps.core.logs import PersonalDataFilter, RequestIdFilter, mask_personal_data


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
