"""What one does on a flow's page: each parses, calls one command, and shows the page again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.backoffice.builder.access import flow_page, own_flow, own_step
from apps.backoffice.builder.page import step_form
from apps.backoffice.builder.step_form import FlowWordsForm
from apps.backoffice.rota.access import refuse
from apps.core.actors import Actor
from apps.core.errors import DomainError, InvalidInput, StaleVersion
from apps.flows.commands.add_step import add_step
from apps.flows.commands.change_flow import change_flow
from apps.flows.commands.change_step import change_step
from apps.flows.commands.move_steps import move_steps
from apps.flows.commands.publish_flow import publish_flow
from apps.flows.commands.remove_step import remove_step
from apps.flows.commands.restore_step import restore_step
from apps.flows.commands.switch_step import switch_step
from apps.flows.drafts import steps_of
from apps.flows.errors import FlowInvalid
from apps.flows.models import BookingFlow, BookingFlowStep
from apps.flows.taken_out import TakenOut
from apps.flows.zip_lists import (
    LENGTH_BY_COUNTRY,
    NotReadable,
    in_text,
    in_words,
    read,
    text_of_upload,
)
from apps.organizations.staff import staff_actor

UNDO = "flows.taken_out"
UNDO_SECONDS = 3600
MOVED_MEANWHILE = (
    "Somebody else changed the steps meanwhile, so nothing was moved. They stand as you see them: move again."
)


def flow_url(flow_id: UUID, opened: Any = None) -> str:
    """The page of a flow, with a step's settings open."""
    page = reverse("admin:flows_bookingflow_change", args=[flow_id])
    return f"{page}?step={opened}#step-{opened}" if opened else page


def _back(request: HttpRequest, flow_id: UUID, opened: UUID | None = None) -> HttpResponse:
    """To the flow's page; what was open there stays open."""
    return HttpResponseRedirect(flow_url(flow_id, opened or request.POST.get("opened")))


def _show(request: HttpRequest, flow: BookingFlow, **context: Any) -> HttpResponse:
    page: Any = admin.site.get_model_admin(BookingFlow)
    shown: HttpResponse = page.show(request, own_flow(request, flow.id), **context)
    return shown


def _run(request: HttpRequest, run: Callable[[], str]) -> None:
    """Run a command and say what it said; a refusal is said in its own words."""
    try:
        said = run()
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, said)


# --- The steps --------------------------------------------------------------------------------------


@flow_page
@require_POST
def move(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """The steps in another order: as `order` says, or one of them `up` or `down`."""
    flow = own_flow(request, flow_id)
    try:
        seen = _ids(request.POST.get("seen", "")) or [step.id for step in steps_of(flow)]
        wanted = _ids(request.POST.get("order", "")) or _neighbours_swapped(request, seen)
        move_steps(
            actor=staff_actor(request, flow.organization_id), flow_id=flow.id, step_ids=wanted, seen=seen
        )
    except StaleVersion:
        messages.error(request, MOVED_MEANWHILE)
    else:
        messages.success(request, "Moved. The draft has the steps in this order.")
    return _back(request, flow.id)


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(part) for part in text.split(",") if part]
    except ValueError:
        return []


def _neighbours_swapped(request: HttpRequest, order: list[UUID]) -> list[UUID]:
    for name, by in (("up", -1), ("down", 1)):
        for step_id in _ids(request.POST.get(name, "")):
            place = order.index(step_id) if step_id in order else -1
            other = place + by
            if place >= 0 and 0 <= other < len(order):
                moved = list(order)
                moved[place], moved[other] = moved[other], moved[place]
                return moved
    return order


@flow_page
@require_POST
def add(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """A step of a kind that the flow has not; its settings are open at once."""
    flow = own_flow(request, flow_id)
    try:
        step = add_step(
            actor=staff_actor(request, flow.organization_id),
            flow_id=flow.id,
            step_type=request.POST.get("step_type", ""),
        )
    except DomainError as error:
        messages.error(request, error.detail)
        return _back(request, flow.id)
    messages.success(request, f"“{step.title}” was added. Look at what it says and asks.")
    return _back(request, flow.id, step.id)


@flow_page
def change(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """A step's words and settings. To read them is to open its card."""
    step = own_step(request, step_id)
    if request.method != "POST":
        return _back(request, step.flow_id, step.id)
    flow = own_flow(request, step.flow_id)
    form = step_form(flow, step.id, request.POST)
    if form.is_valid():
        try:
            change_step(
                actor=staff_actor(request, flow.organization_id),
                step_id=step.id,
                words=form.words(),
                type_config=form.config,
                expected_version=form.cleaned_data["seen_version"],
            )
        except StaleVersion:
            form.add_error(None, form.show(own_step(request, step.id)))
        except InvalidInput as error:
            for sentence in error.data["errors"].get("type_config", [error.detail]):
                form.add_error(form.settings.main_field, sentence)
        else:
            messages.success(request, f"“{form.cleaned_data['title']}” was saved in the draft.")
            return _back(request, flow.id, step.id)
    return _show(request, flow, form=form)


@flow_page
@require_POST
def switch(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """A step off or on."""
    step = own_step(request, step_id)
    active = request.POST.get("active") == "1"

    def run() -> str:
        switch_step(actor=_actor(request, step), step_id=step.id, active=active)
        words = "is on again" if active else "is off: customers skip it, and its settings are kept"
        return f"“{step.title}” {words}."

    _run(request, run)
    return _back(request, step.flow_id)


def _actor(request: HttpRequest, step: BookingFlowStep) -> Actor:
    return staff_actor(request, step.flow.organization_id)


@flow_page
@require_POST
def remove(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """A step out of the draft; the page that answers can bring it back."""
    step = own_step(request, step_id)
    taken = remove_step(actor=_actor(request, step), step_id=step.id)
    undo = signing.dumps(taken.as_json(), salt=UNDO, compress=True)
    with_it = f", with its {len(taken.nodes)} questions, answers and services" if taken.nodes else ""
    messages.success(request, f"“{taken.title}” was removed{with_it}.")
    return _show(request, step.flow, undo=undo, opened_id=request.POST.get("opened", ""))


@flow_page
@require_POST
def restore(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """A step that was just removed comes back."""
    flow = own_flow(request, flow_id)
    try:
        data = signing.loads(request.POST.get("undo", ""), salt=UNDO, max_age=UNDO_SECONDS)
        taken = TakenOut.from_json(data)
    except (signing.BadSignature, KeyError, TypeError):
        messages.error(request, "It is too late to bring this step back. Add a new one.")
        return _back(request, flow.id)

    def run() -> str:
        step = restore_step(actor=staff_actor(request, flow.organization_id), taken=taken)
        return f"“{step.title}” is back."

    _run(request, run)
    return _back(request, flow.id)


# --- The flow ---------------------------------------------------------------------------------------


@flow_page
@require_POST
def words(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """The flow's own title, description and icon."""
    flow = own_flow(request, flow_id)
    form = FlowWordsForm(request.POST, flow=flow)
    if form.is_valid():
        try:
            change_flow(
                actor=staff_actor(request, flow.organization_id),
                flow_id=flow.id,
                words=form.words(),
                seen=form.seen(),
            )
        except StaleVersion:
            now = own_flow(request, flow.id)
            form.show(now)
            form.add_error(
                None,
                f"Somebody else changed this meanwhile. The title is “{now.title}” now. What you typed is "
                "still below: save again to put it in place of theirs.",
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "Saved in the draft.")
            return _back(request, flow.id)
    return _show(request, flow, form=form)


@flow_page
@require_POST
def publish(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """Show the draft to customers; say everything that is in its way."""
    flow = own_flow(request, flow_id)
    try:
        version = publish_flow(actor=staff_actor(request, flow.organization_id), flow_id=flow.id)
    except FlowInvalid as error:
        for problem in error.problems:
            messages.error(request, problem.message)
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, f"Customers see version {version.number} from now on.")
    return _back(request, flow.id)


# --- Zip codes --------------------------------------------------------------------------------------


@flow_page
@require_POST
def read_zips(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """What is understood of a list that somebody types or uploads; nothing is saved."""
    flow = own_flow(request, flow_id)
    length = LENGTH_BY_COUNTRY.get(flow.organization.country)
    try:
        upload = request.FILES.get("file")
        text = text_of_upload(upload.read()) if upload else request.POST.get("text", "")
        reading = read(text, length=length)
    except NotReadable as error:
        return render(request, "backoffice/builder/zips_read.html", {"refusal": str(error)})
    return render(
        request,
        "backoffice/builder/zips_read.html",
        {
            "reading": reading,
            "words": in_words([reading.coverage]) if reading.coverage else "",
            "text": in_text(reading.coverage),
            "uploaded": upload,
        },
    )
