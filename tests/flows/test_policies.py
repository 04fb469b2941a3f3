import pytest

from apps.flows.policies import place_for, step_problems

WHOLE = ["zipcode", "service_selection", "details", "timeslot", "customer", "summary"]


@pytest.mark.parametrize(
    "steps",
    [
        WHOLE,
        ["service_selection", "timeslot", "customer", "summary"],
        ["service_selection", "zipcode", "customer", "timeslot", "details", "summary"],
    ],
)
def test_accepts_every_sensible_order(steps: list[str]) -> None:
    assert list(step_problems(steps)) == []


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        (WHOLE[:-1], ("step_missing", "The flow has no step “Summary”. Add one.")),
        ([*WHOLE[:2], *WHOLE[4:]], ("step_missing", "The flow has no step “Date and time”. Add one.")),
        (["customer", *WHOLE], ("step_repeated", "The flow has more than one step “Customer”. Keep one.")),
        (
            ["timeslot", "service_selection", "customer", "summary"],
            (
                "step_order",
                "“Date and time” needs to know the service first. Move “Service selection” before it.",
            ),
        ),
        (
            ["service_selection", "timeslot", "zipcode", "customer", "summary"],
            ("step_order", "“Date and time” needs to know the zip code first. Move “Zip code” before it."),
        ),
        (
            ["service_selection", "timeslot", "summary", "customer"],
            (
                "step_order",
                "“Summary” sums everything up, so it has to be the last step. Move it to the end.",
            ),
        ),
    ],
)
def test_says_what_is_wrong(steps: list[str], problem: tuple[str, str]) -> None:
    assert [(found.code, found.message) for found in step_problems(steps)] == [problem]


def test_a_step_that_is_switched_off_is_missed_by_that_name() -> None:
    (problem,) = step_problems(WHOLE[:-1], switched_off={"summary"})
    assert problem.message == "The step “Summary” is switched off. Switch it on."
    assert problem.step_type == "summary"


@pytest.mark.parametrize(
    ("kind", "others", "place"),
    [
        ("zipcode", WHOLE[1:], 0),
        ("details", ["zipcode", "service_selection", "timeslot", "summary"], 2),
        ("details", ["timeslot", "service_selection", "summary"], 0),
        ("summary", WHOLE[:-1], 5),
        ("summary", [], 0),
    ],
)
def test_a_new_step_stands_where_it_usually_does(kind: str, others: list[str], place: int) -> None:
    assert place_for(kind, others) == place
