"""What can stand in the way of publishing a flow, or of believing a visitor's path through one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from uuid import UUID

from apps.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class FlowProblem:
    """One reason why a flow cannot be published; `message` says what to do about it."""

    code: str
    message: str
    step_id: UUID | None = None
    node_ids: tuple[str, ...] = ()


class FlowInvalid(DomainError):
    """The draft is not fit to be published. `problems` lists everything that is wrong with it."""

    code = "FLOW_INVALID"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This flow cannot be published yet."

    def __init__(self, problems: Sequence[FlowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"{self.default_detail} {problems[0].message}" if problems else None,
            problems=[
                asdict(problem)
                | {
                    "step_id": str(problem.step_id) if problem.step_id else None,
                    "node_ids": list(problem.node_ids),
                }
                for problem in problems
            ],
        )


class SelectionInvalid(DomainError):
    """The path through the service selection is not one that this version of the flow offers."""

    code = "SELECTION_INVALID"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "These answers do not lead to a service any more. Choose the service again."
