import pytest

from apps.flows.zip_lists import (
    MAX_PROBLEMS,
    NotReadable,
    in_text,
    in_words,
    read,
    text_of_upload,
)
from apps.flows.zips import Coverage


class TestRead:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("80202, 80204\n80206 80208", Coverage(("80202", "80204", "80206", "80208"))),
            ("80202;80203\t80204", Coverage(ranges=(("80202", "80204"),))),
            ("802*", Coverage(prefixes=("802",))),
            ("802** 853* 80301", Coverage(("80301",), ("802", "853"))),
            ("80202-80211", Coverage(ranges=(("80202", "80211"),))),
            ("80202 – 80211", Coverage(ranges=(("80202", "80211"),))),
            ("80202 to 80211", Coverage(ranges=(("80202", "80211"),))),
            ("80202-80205, 80206, 80207", Coverage(ranges=(("80202", "80207"),))),
            ("802*, 80205, 80301", Coverage(("80301",), ("802",))),
            ("sw1a 1aa, M1 1AE", Coverage(("M1 1AE", "SW1A 1AA"))),
            ("113 51, 113 53", Coverage(("11351", "11353"))),
        ],
    )
    def test_understands(self, text: str, expected: Coverage) -> None:
        assert read(text, length=None).coverage == expected

    def test_counts_what_stood_there_twice(self) -> None:
        assert read("80202, 80202, 80202*, 80204, 80204").repeated == 2

    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ("Denver\n80202", 1, "“Denver” is no zip code."),
            ("80202\nDenver", 2, "“Denver” is no zip code."),
            ("80211-80202", 1, "Write 80202-80211."),
            ("80202-1234", 1, "Write 80202."),
            ("80202\n\n2134", 3, "A spreadsheet may have cut its zeros: 02134?"),
            ("802021", 1, "has 6 digits, and zip codes here have 5"),
            ("*", 1, "Switch this step off"),
            ("802021*", 1, "longer than a zip code"),
        ],
    )
    def test_says_what_is_wrong_by_line(self, text: str, line: int, words: str) -> None:
        (problem,) = read(text, length=5).problems
        assert problem.line == line
        assert words in problem.message

    def test_of_many_mistakes_tells_the_first_and_how_many_more(self) -> None:
        reading = read("\n".join(["here"] * 50), length=5)
        assert (len(reading.problems), reading.more_problems) == (MAX_PROBLEMS, 50 - MAX_PROBLEMS)

    def test_passes_over_a_heading(self) -> None:
        assert read("Zip code\n80202\n80204", length=5).coverage.codes == ("80202", "80204")

    def test_reads_only_the_column_of_codes_of_a_table(self) -> None:
        reading = read('City,Zip code,State\n"Denver, CO",80202,CO\nAurora,80010,CO', length=5)
        assert reading.problems == ()
        assert reading.coverage.codes == ("80010", "80202")

    def test_without_a_heading_a_table_is_refused_by_line(self) -> None:
        assert [problem.line for problem in read("80202,Denver\n80204,Aurora").problems] == [1, 2]

    def test_what_was_understood_reads_the_same_again(self) -> None:
        coverage = read("802*, 80301, 85003-85007, 85010, SW1A 1AA").coverage
        assert read(in_text(coverage)).coverage == coverage


class TestUpload:
    def test_takes_utf_8_with_its_mark_and_latin_1(self) -> None:
        assert text_of_upload("﻿80202".encode()) == "80202"
        assert text_of_upload("Østerbro".encode("latin-1")) == "Østerbro"

    def test_refuses_more_than_a_megabyte(self) -> None:
        with pytest.raises(NotReadable, match="1 MB"):
            text_of_upload(b"80202\n" * 200_000)

    def test_refuses_what_is_no_text(self) -> None:
        with pytest.raises(NotReadable, match="Save your list as CSV"):
            text_of_upload(b"PK\x03\x04\x00\x00")


@pytest.mark.parametrize(
    ("coverages", "words"),
    [
        ([Coverage(("80202",))], "1 zip code"),
        ([Coverage(("80202",)), Coverage(ranges=(("80203", "80211"),))], "10 zip codes"),
        ([Coverage(prefixes=("802",))], "all that begin with 802"),
        ([Coverage(("80301",), ("802", "853"))], "1 zip code and all that begin with 802 or 853"),
        ([Coverage(prefixes=("1", "2", "3", "4", "5"))], "all that begin with 1, 2, 3 or 2 more"),
        ([Coverage(ranges=(("10000", "19999"),))], "10,000 zip codes"),
    ],
)
def test_in_words(coverages: list[Coverage], words: str) -> None:
    assert in_words(coverages) == words
