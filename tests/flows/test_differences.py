"""Differences are told in sentences that a business understands."""

import copy
import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.flows.differences import Kind, count, differences, in_short
from apps.flows.differences.changes import staying

Json = dict[str, Any]


def words(title: str) -> Json:
    return {"title": title, "description": "", "icon": ""}


def question(node_id: str, title: str) -> Json:
    content = {"id": f"id-of-{node_id}", "unique_name": node_id, "help_text": "", **words(title)}
    return {"id": node_id, "type": "question_reference", "question": content}


def answer(node_id: str, title: str, service_id: str | None = None, category_id: str | None = None) -> Json:
    content = {**words(title), "category_id": category_id}
    return {"id": node_id, "type": "answer_reference", "answer": content, "service_id": service_id}


def service_node(node_id: str, service_id: str) -> Json:
    return {"id": node_id, "type": "service_reference", "service_id": service_id}


def edges(*pairs: str) -> list[Json]:
    ends = [pair.split(">") for pair in pairs]
    return [
        {"id": f"{source}>{target}", "source_node_id": source, "target_node_id": target}
        for source, target in ends
    ]


def step(step_type: str, title: str, **config: Any) -> Json:
    return {
        "id": f"step-{step_type}",
        "step_type": step_type,
        "step_config": words(title),
        "type_config": config,
    }


def service(title: str, price: str | None = "89.00", minutes: int = 60) -> Json:
    return {
        "content": words(title),
        "duration_minutes": minutes,
        "price": price,
        "currency": "USD",
        "price_note": "",
    }


DOCUMENT: Json = {
    "id": "flow",
    "content": words("Book a visit"),
    "steps": [
        step(
            "zipcode",
            "Where?",
            areas=[
                {"location_id": "den", "location_name": "Denver", "zip_codes": ["80202", "80203"]},
                {"location_id": "phx", "location_name": "Phoenix", "zip_codes": ["85003"]},
            ],
            outside_message="",
        ),
        step(
            "service_selection",
            "How can we help?",
            allow_several=False,
            root_node_id="q",
            nodes=[
                question("q", "What do you need?"),
                answer("leak", "Something leaks"),
                answer("drain", "A drain", "drain", "urgent"),
                service_node("check", "check"),
            ],
            edges=edges("q>leak", "q>drain", "leak>check"),
        ),
        step(
            "details",
            "More",
            fields=[
                {
                    "key": "access",
                    "label": "How do we get in?",
                    "help_text": "",
                    "kind": "text",
                    "required": False,
                    "max_length": 500,
                    "options": [],
                },
                {
                    "key": "pets",
                    "label": "Any pets?",
                    "help_text": "",
                    "kind": "select",
                    "required": True,
                    "max_length": 500,
                    "options": [{"value": "dog", "label": "Dog"}, {"value": "cat", "label": "Cat"}],
                },
            ],
        ),
        step("timeslot", "When?", allow_resource_choice=False, location_id=None, location_name=""),
        step("customer", "You", fields={"email": "optional", "address": "optional"}, consent_text=""),
        step("summary", "Check", policy_text="", confirm_label=None),
    ],
    "services": {"drain": service("Drain clearing"), "check": service("Check-up", None, 45)},
    "categories": {"urgent": words("Urgent")},
}


def told(change: Callable[[Json], Any]) -> list[str]:
    """Every sentence about a changed copy of the document."""
    new = copy.deepcopy(DOCUMENT)
    change(new)
    return [one.words for section in differences(DOCUMENT, new) for one in section.changes]


def config(document: Json, number: int) -> Json:
    found: Json = document["steps"][number]["type_config"]
    return found


class TestSettings:
    def test_zip_codes_that_come_and_go(self) -> None:
        def change(new: Json) -> None:
            config(new, 0)["areas"][0]["zip_codes"] = ["80203", "80212"]

        assert told(change) == ["Zip codes of Denver: 80212 added, 80202 removed."]

    def test_a_hundred_zip_codes_are_counted(self) -> None:
        def change(new: Json) -> None:
            config(new, 0)["areas"][1]["zip_codes"] += [f"851{number:02}" for number in range(100)]

        [sentence] = told(change)
        assert sentence.endswith("85110, 85111 and 88 more added.")

    def test_zip_codes_by_beginning_and_range(self) -> None:
        def change(new: Json) -> None:
            config(new, 0)["areas"][0] |= {"zip_prefixes": ["803"], "zip_ranges": [["80210", "80219"]]}

        assert told(change) == [
            "Zip codes of Denver: all that begin with 803, 80210 to 80219 added.",
        ]

    def test_locations_that_come_and_go(self) -> None:
        def change(new: Json) -> None:
            config(new, 0)["areas"][0] |= {"location_id": "bou", "location_name": "Boulder"}

        assert told(change) == [
            "Boulder comes to customers: 80202, 80203.",
            "Denver does not come to customers any more.",
        ]

    def test_what_is_asked_about_the_visit(self) -> None:
        def change(new: Json) -> None:
            access, pets = config(new, 2)["fields"]
            access |= {"label": "How do we reach you?", "required": True, "kind": "textarea"}
            pets["options"] = [{"value": "dog", "label": "Dog"}, {"value": "bird", "label": "Bird"}]
            config(new, 2)["fields"] = [
                pets,
                access,
                {"key": "age", "label": "How old is it?", "kind": "number", "required": True},
            ]

        assert told(change) == [
            "Options of “Any pets?”: “Bird” added, “Cat” removed.",
            "What is asked: “How do we get in?” is now “How do we reach you?”",
            "“How do we reach you?” is answered by several lines instead of one line.",
            "“How do we reach you?” has to be answered.",
            "“How old is it?” is asked, as a number, and has to be answered.",
            "What is asked stands in another order: “Any pets?”, “How do we reach you?”, “How old is it?”",
        ]

    def test_a_question_about_the_visit_that_is_gone(self) -> None:
        assert told(lambda new: config(new, 2)["fields"].pop(0)) == [
            "“How do we get in?” is not asked any more."
        ]

    def test_the_small_settings(self) -> None:
        def change(new: Json) -> None:
            config(new, 1)["allow_several"] = True
            config(new, 3).update(allow_resource_choice=True, location_id="den", location_name="Denver")
            config(new, 4)["fields"]["email"] = "required"
            config(new, 5)["policy_text"] = "Free until the day before."
            config(new, 5)["confirm_label"] = "Book it"

        assert told(change) == [
            "Several services in one visit: on (was off).",
            "Customers choose who comes: on (was off).",
            "Location added: “Denver”.",
            "E-mail has to be given (before: may be given).",
            "Policy added: “Free until the day before.”",
            "Words on the button added: “Book it”.",
        ]

    def test_settings_that_are_not_known_yet_are_told_by_name(self) -> None:
        def change(new: Json) -> None:
            config(new, 3).update(days_ahead=30, show_prices=True, hint="Mornings are quiet", rules=[1])

        assert told(change) == [
            "Days ahead: 30 (was not set).",
            "Show prices: on (was off).",
            "Hint added: “Mornings are quiet”.",
            "Rules changed.",
        ]


class TestGraph:
    def test_an_answer_that_is_new(self) -> None:
        def change(new: Json) -> None:
            config(new, 1)["nodes"].append(answer("other", "Something else", "check"))
            config(new, 1)["edges"] += edges("q>other")

        assert told(change) == ["Answer “Something else” added after “What do you need?”"]

    def test_a_service_that_is_gone(self) -> None:
        def change(new: Json) -> None:
            config(new, 1)["nodes"].pop()
            config(new, 1)["edges"].pop()
            del new["services"]["check"]

        assert told(change) == [
            "Service “Check-up” removed after “Something leaks”.",
            "“Check-up” cannot be booked here any more.",
        ]

    def test_words_that_were_rewritten(self) -> None:
        def change(new: Json) -> None:
            nodes = config(new, 1)["nodes"]
            nodes[0]["question"] |= {"title": "What is it about?", "help_text": "Choose what fits best."}
            nodes[1]["answer"]["title"] = "Water where none should be"

        assert told(change) == [
            "Question: “What do you need?” is now “What is it about?”",
            "Hint below “What is it about?” added: “Choose what fits best.”",
            "Answer to “What is it about?”: “Something leaks” is now “Water where none should be”.",
        ]

    def test_a_question_in_place_of_another(self) -> None:
        def change(new: Json) -> None:
            config(new, 1)["nodes"][0]["question"] |= {"id": "another", "title": "How can we help?"}

        assert told(change) == ["Question “How can we help?” takes the place of “What do you need?”"]

    def test_an_answer_that_books_something_else(self) -> None:
        def change(new: Json) -> None:
            config(new, 1)["nodes"][2] |= {"service_id": "check"}
            config(new, 1)["nodes"][1] |= {"service_id": "drain"}

        assert told(change) == [
            "Answer “Something leaks” books “Drain clearing”.",
            "Answer “A drain” books “Check-up” instead of “Drain clearing”.",
        ]

    def test_an_answer_that_books_nothing_any_more(self) -> None:
        def change(new: Json) -> None:
            config(new, 1)["nodes"][2] |= {"service_id": None}

        assert told(change) == ["Answer “A drain” does not book “Drain clearing” any more."]

    def test_an_answer_under_another_heading(self) -> None:
        def change(new: Json) -> None:
            config(new, 1)["nodes"][1]["answer"]["category_id"] = "urgent"

        assert told(change) == ["Heading over “Something leaks” added: “Urgent”."]

    def test_a_way_that_leads_elsewhere(self) -> None:
        def change(new: Json) -> None:
            config(new, 1)["nodes"].append(question("more", "Where is it?"))
            config(new, 1)["edges"][2:] = edges("leak>more", "more>check")

        assert told(change) == [
            "Question “Where is it?” added after “Something leaks”.",
            "“Something leaks” leads to “Where is it?” instead of “Check-up”.",
        ]

    def test_ways_between_what_was_there(self) -> None:
        def change(new: Json) -> None:
            config(new, 1)["edges"] = edges("q>leak", "q>check", "leak>check")

        assert told(change) == [
            "“What do you need?” leads to “Check-up” now.",
            "“What do you need?” does not lead to “A drain” any more.",
        ]

    def test_choices_in_another_order(self) -> None:
        def change(new: Json) -> None:
            config(new, 1)["edges"] = edges("q>drain", "q>leak", "leak>check")

        assert told(change) == [
            "The choices at “What do you need?” stand in another order: “A drain”, “Something leaks”."
        ]


class TestSteps:
    def test_a_step_that_is_new_gone_or_moved(self) -> None:
        old, new = copy.deepcopy(DOCUMENT), copy.deepcopy(DOCUMENT)
        del old["steps"][2]
        assert [one.words for section in differences(old, new) for one in section.changes] == [
            "This step is new, after “How can we help?”"
        ] or told(lambda document: document["steps"].pop(2))
        assert told(lambda document: document["steps"].pop(2)) == ["Customers do not see this step any more."]
        assert told(lambda document: document["steps"].insert(4, document["steps"].pop(2))) == [
            "This step has moved: it stands after “You” now."
        ]

    def test_a_step_that_has_moved_to_the_front(self) -> None:
        assert told(lambda document: document["steps"].insert(0, document["steps"].pop(2))) == [
            "This step has moved: it stands first now."
        ]

    def test_every_change_stands_under_its_step(self) -> None:
        new = copy.deepcopy(DOCUMENT)
        new["content"]["title"] = "Book us"
        new["steps"][5]["step_config"]["title"] = "All right?"
        config(new, 0)["areas"].pop()
        found = differences(DOCUMENT, new)
        assert [(section.title, section.kind) for section in found] == [
            ("The flow", ""),
            ("Where?", "Zip code"),
            ("All right?", "Summary"),
        ]
        assert in_short(found) == "The flow: 1 change · Zip code: 1 change · Summary: 1 change"
        assert count(found) == 3


class TestServices:
    def test_prices_lengths_and_names(self) -> None:
        def change(new: Json) -> None:
            new["services"]["drain"] |= {"price": "99.00", "price_note": "waived with any repair"}
            new["services"]["check"] |= {"duration_minutes": 50, "content": words("Yearly check")}

        assert told(change) == [
            "Price of “Drain clearing”: 99.00 USD instead of 89.00 USD.",
            "Note on the price of “Drain clearing” added: “waived with any repair”.",
            "Name: “Check-up” is now “Yearly check”.",
            "Length of “Yearly check”: 50 minutes instead of 45 minutes.",
        ] or told(change)
        assert "Price of “Check-up”: 10.00 USD instead of no fixed price." in told(
            lambda new: new["services"]["check"].update(price="10.00")
        )

    def test_a_service_that_is_new(self) -> None:
        assert told(lambda new: new["services"].update(tune=service("Tune-up", "49.00", 1))) == [
            "“Tune-up” can be booked: 1 minute, 49.00 USD."
        ]

    def test_headings(self) -> None:
        def change(new: Json) -> None:
            new["categories"] = {"urgent": words("Today"), "later": words("Later")}

        assert told(change) == ["Heading: “Urgent” is now “Today”.", "Heading “Later” added."]


def test_nothing_differs_from_itself() -> None:
    assert differences(DOCUMENT, copy.deepcopy(DOCUMENT)) == []
    assert in_short([]) == "No changes"


def test_icons_shapes_are_nobodys_change() -> None:
    assert differences(DOCUMENT, {**DOCUMENT, "icons": {"phone": "M0 0"}}) == []


def test_a_wide_question_is_compared_in_a_moment() -> None:
    old, new = copy.deepcopy(DOCUMENT), copy.deepcopy(DOCUMENT)
    many = [answer(f"a{number}", f"Answer {number}", "check") for number in range(5000)]
    order = [f"q>a{number}" for number in range(5000)]
    for document, ways in ((old, order), (new, random.Random(1).sample(order, 5000))):  # noqa: S311
        config(document, 1).update(nodes=[question("q", "What?"), *many], edges=edges(*ways))
    [section] = differences(old, new)
    assert [change.kind for change in section.changes] == [Kind.MOVED]


@given(st.lists(st.integers(0, 8), unique=True), st.lists(st.integers(0, 8), unique=True))
def test_what_stays_is_the_largest_part_in_the_same_order(old: list[int], new: list[int]) -> None:
    before, after = [str(item) for item in old], [str(item) for item in new]
    kept = staying(before, after)
    in_order = [item for item in after if item in kept]
    assert in_order == [item for item in before if item in kept]
    common = [item for item in after if item in before]
    largest = max(
        len(chosen)
        for size in range(len(common) + 1)
        for chosen in itertools.combinations(common, size)
        if [before.index(item) for item in chosen] == sorted(before.index(item) for item in chosen)
    )
    assert len(kept) == largest


PLACES = [
    ("content", "title"),
    ("steps", 0, "step_config", "title"),
    ("steps", 0, "type_config", "outside_message"),
    ("steps", 1, "type_config", "nodes", 0, "question", "title"),
    ("steps", 1, "type_config", "nodes", 1, "answer", "description"),
    ("steps", 2, "type_config", "fields", 0, "help_text"),
    ("steps", 4, "type_config", "consent_text"),
    ("services", "drain", "price_note"),
    ("services", "check", "content", "description"),
    ("categories", "urgent", "title"),
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(str(part) for part in place))
def test_no_text_changes_unsaid(place: tuple[Any, ...]) -> None:
    def change(new: Json) -> None:
        *parents, last = place
        inner: Any = new
        for parent in parents:
            inner = inner[parent]
        inner[last] = "Written anew"

    sentences = told(change)
    assert len(sentences) == 1
    assert "Written anew" in sentences[0]
