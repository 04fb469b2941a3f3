"""Everything that the page of a flow shows, in a number of queries that does not grow with the flow."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from apps.backoffice.builder.cards import cards_of, missing_kinds, order_rules
from apps.backoffice.builder.standing import standing_of
from apps.backoffice.builder.step_form import FlowWordsForm, StepForm, surroundings_of
from apps.core.clock import app_now
from apps.flows.documents import draft_of
from apps.flows.drafts import steps_of
from apps.flows.models import BookingFlow, BookingFlowStep
from apps.organizations.admin_display import minutes_in_words
from apps.organizations.staff import Area, access_of

FLOW_ITSELF = "flow"


def builder_context(
    request: HttpRequest, flow: BookingFlow, *, form: Any = None, undo: str = "", opened_id: str = ""
) -> dict[str, Any]:
    """The status bar, the cards, and the form of what is open; `form` is one that was refused.

    `undo` brings back the step that was just removed. `flow` comes with organization, policy and version.
    """
    steps, policy = steps_of(flow), flow.organization.policy
    draft = draft_of(flow)
    wanted = opened_id or request.GET.get("step", "")
    opened = _opened(form, steps, wanted)
    if form is None and opened is not None:
        form = StepForm(step=opened, around=surroundings_of(flow, steps))
    if form is None and wanted == FLOW_ITSELF:
        form = FlowWordsForm(flow=flow)
    return {
        "flow": flow,
        "cards": cards_of(steps, draft),
        "order": ",".join(str(step.id) for step in steps),
        "rules": order_rules(),
        "missing": missing_kinds(steps),
        "standing": standing_of(flow, draft, steps, now=app_now()),
        "form": form,
        "opened": opened,
        "flow_opened": isinstance(form, FlowWordsForm),
        "undo": undo,
        "publishing": "publish" in request.GET,
        "policy": policy,
        "notice": minutes_in_words(policy.minimum_notice_minutes),
        "runs_business": access_of(request).may(Area.BUSINESS, flow.organization_id),
    }


def _opened(form: Any, steps: list[BookingFlowStep], wanted: str) -> BookingFlowStep | None:
    if isinstance(form, StepForm):
        return form.step
    return next((step for step in steps if str(step.id) == wanted), None)


def step_form(flow: BookingFlow, step_id: UUID, data: QueryDict) -> StepForm:
    """The form of a step with what was sent; the step must be the flow's own."""
    steps = steps_of(flow)
    step = next(step for step in steps if step.id == step_id)
    return StepForm(data, step=step, around=surroundings_of(flow, steps))
