"""Identifiers sort by their birth; references can be read out."""

from apps.core.ids import REFERENCE_ALPHABET, new_id, new_reference


class TestNewId:
    def test_later_ids_are_larger_also_within_one_millisecond(self) -> None:
        ids = [new_id() for _ in range(5_000)]

        assert ids == sorted(ids)
        assert len(set(ids)) == len(ids)

    def test_they_are_version_7(self) -> None:
        assert new_id().version == 7


class TestNewReference:
    def test_has_a_prefix_and_no_letter_that_is_misread(self) -> None:
        prefix, code = new_reference().split("-")

        assert prefix == "WB"
        assert len(code) == 7
        assert set(code) <= set(REFERENCE_ALPHABET)
        assert not set("ILOU") & set(REFERENCE_ALPHABET)
