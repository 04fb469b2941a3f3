import pytest

from apps.flows.policies import step_problems

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
            ("step_order", "“Service selection” has to come before “Date and time”."),
        ),
        (
            ["service_selection", "timeslot", "zipcode", "customer", "summary"],
            ("step_order", "“Zip code” has to come before “Date and time”."),
        ),
        (
            ["service_selection", "timeslot", "summary", "customer"],
            ("step_order", "“Summary” has to be the last step."),
        ),
    ],
)
def test_says_what_is_wrong(steps: list[str], problem: tuple[str, str]) -> None:
    assert list(step_problems(steps)) == [problem]
