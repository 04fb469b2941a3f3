import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.flows.errors import FlowFileInvalid
from apps.flows.portable.parsing import parse_flow_file
from apps.flows.portable.shapes import MAX_BYTES
from tests.flows.portable.support import file_with


def problems_of(raw: bytes) -> list[tuple[str, str]]:
    with pytest.raises(FlowFileInvalid) as refusal:
        parse_flow_file(raw)
    return [(problem.path, problem.message) for problem in refusal.value.problems]


def paths_of(raw: bytes) -> list[str]:
    return [path for path, _ in problems_of(raw)]


class TestParseFlowFile:
    def test_reads_a_whole_flow(self) -> None:
        document = parse_flow_file(file_with())
        assert document.flow.title == "Book a plumber"
        assert [step.step_type for step in document.steps][:2] == ["zipcode", "service_selection"]

    def test_reads_a_flow_that_is_only_begun(self) -> None:
        document = parse_flow_file(file_with(steps=[], content={}))
        assert (document.steps, document.content.services) == ([], {})

    def test_takes_a_graph_that_cannot_be_published(self) -> None:
        circle = [{"from": "need", "to": "leak"}, {"from": "leak", "to": "need"}]
        graph = parse_flow_file(file_with(steps__1__graph__edges=circle)).steps[1].graph
        assert graph is not None
        assert len(graph.edges) == 2

    @pytest.mark.parametrize(
        ("raw", "words"),
        [
            (b"", "This is not JSON: line 1, column 1"),
            (b'{"format": ', "This is not JSON: line 1, column 12"),
            (b"\xff\xfe\x00", "not a JSON file in UTF-8"),
            (b'{"format": NaN}', "not a JSON file in UTF-8"),
            (b"[" * 100_000, "not a JSON file in UTF-8"),
            (b'{"format": "\\u0000"}', "cannot be stored"),
            (b'{"format": "\\ud800"}', "not a JSON file in UTF-8"),
            (b" " * (MAX_BYTES + 1), "larger than 5 MB"),
        ],
    )
    def test_refuses_what_is_no_json(self, raw: bytes, words: str) -> None:
        [(path, message)] = problems_of(raw)
        assert path == ""
        assert words in message

    @pytest.mark.parametrize("value", [[], "flow", 3, None, {}, {"format": "other"}])
    def test_refuses_what_is_no_flow(self, value: Any) -> None:
        [(path, message)] = problems_of(json.dumps(value).encode())
        assert path == "format"
        assert "This is no flow" in message

    @pytest.mark.parametrize("version", [0, 2, "1", None, True])
    def test_refuses_a_version_that_it_does_not_know(self, version: Any) -> None:
        [(path, message)] = problems_of(file_with(format_version=version))
        assert path == "format_version"
        assert f"format version {version!r}" in message

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"flow__title": ""}, "flow.title"),
            ({"surprise": 1}, "surprise"),
            ({"steps__1__title": 3}, "steps[1].title"),
            ({"steps__1__step_type": "magic"}, "steps[1].step_type"),
            ({"steps__1__graph__nodes__need": {"kind": "question"}}, "steps[1].graph.nodes.need.question"),
            ({"steps__1__graph__nodes__need__kind": "?"}, "steps[1].graph.nodes.need"),
            ({"steps__1__graph__edges__0": {"from": "need"}}, "steps[1].graph.edges[0].to"),
            ({"content__services__check__price": "-1"}, "content.services.check.price"),
            ({"content__services__Not a key": {"title": "x"}}, "content.services.Not a key"),
        ],
    )
    def test_names_the_place_of_what_is_wrong(self, changes: dict[str, Any], path: str) -> None:
        assert paths_of(file_with(**changes)) == [path]

    @pytest.mark.parametrize(
        ("changes", "path"),
        [
            ({"steps__1__graph__nodes__need__question": "gone"}, "steps[1].graph.nodes.need.question"),
            ({"steps__1__graph__nodes__check__service": "gone"}, "steps[1].graph.nodes.check.service"),
            ({"steps__1__graph__nodes__drain__answer": "gone"}, "steps[1].graph.nodes.drain.answer"),
            ({"steps__1__graph__nodes__unsure__category": "gone"}, "steps[1].graph.nodes.unsure.category"),
            ({"steps__1__graph__edges__0__from": "gone"}, "steps[1].graph.edges[0].from"),
            ({"steps__1__graph__edges__0__to": "gone"}, "steps[1].graph.edges[0].to"),
            ({"steps__1__graph__edges__1__to": "leak"}, "steps[1].graph.edges[1]"),
            ({"content__answers__leak__question": "gone"}, "content.answers.leak.question"),
            ({"content__answers__leak__category": "gone"}, "content.answers.leak.category"),
            ({"content__answers__drain__service": "gone"}, "content.answers.drain.service"),
            ({"content__answers__leak__title": ""}, "content.answers.leak.title"),
            ({"steps__2__graph": {}}, "steps[2].graph"),
            ({"flow__icon": "no-such-icon"}, "flow.icon"),
            ({"steps__1__icon": "no-such-icon"}, "steps[1].icon"),
            ({"content__answers__leak__icon": "no-such-icon"}, "content.answers.leak.icon"),
            ({"steps__2__settings__surprise": 1}, "steps[2].settings.surprise"),
            ({"steps__0__settings__areas__0__zip_codes": ["?"]}, "steps[0].settings.areas[0].zip_codes[0]"),
            ({"steps__0__settings__areas__0__location_id": "1"}, "steps[0].settings"),
        ],
    )
    def test_names_the_place_of_what_does_not_fit(self, changes: dict[str, Any], path: str) -> None:
        assert paths_of(file_with(**changes)) == [path]

    def test_finds_everything_in_one_go(self) -> None:
        assert paths_of(file_with(flow__title="", steps__1__title="")) == ["flow.title", "steps[1].title"]

    def test_a_step_of_a_kind_stands_there_once(self) -> None:
        assert paths_of(file_with(steps__4__step_type="summary")) == [
            "steps[4].step_type",
            "steps[5].step_type",
        ]

    def test_two_questions_have_two_names(self) -> None:
        twin = {"unique_name": "plumbing-need", "title": "Again?"}
        assert paths_of(file_with(content__questions__twin=twin)) == [
            "content.questions.need.unique_name",
            "content.questions.twin.unique_name",
        ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
PLACES = [
    "flow",
    "steps",
    "content",
    "steps__0__settings",
    "steps__1__graph",
    "steps__1__graph__nodes",
    "steps__1__graph__edges__0",
    "content__services__check",
    "content__answers__leak__service",
]


@given(st.sampled_from(PLACES), JSON)
def test_anything_is_read_or_refused_in_words(place: str, value: Any) -> None:
    refused: FlowFileInvalid | None = None
    try:
        parse_flow_file(file_with(**{place: value}))
    except FlowFileInvalid as refusal:
        refused = refusal
    if refused is not None:
        assert refused.problems
        assert all(problem.message.endswith(".") for problem in refused.problems)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(raw: bytes) -> None:
    with pytest.raises(FlowFileInvalid):
        parse_flow_file(raw)
