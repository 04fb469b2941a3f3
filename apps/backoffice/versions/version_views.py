"""A flow's history, what has changed, and the way back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.backoffice.builder.access import flow_page, own_flow
from apps.backoffice.versions.access import acting, page, version_of
from apps.backoffice.versions.reading import (
    DRAFT,
    MAX_DIGITS,
    history_of,
    sections_between,
    side_of,
    steps_of,
)
from apps.core.errors import DomainError
from apps.flows.commands.publish_flow import publish_flow
from apps.flows.commands.restore_version import RolledBack, restore_version
from apps.flows.differences import count
from apps.flows.documents import draft_of
from apps.flows.errors import FlowInvalid
from apps.flows.models import BookingFlow, FlowVersion
from apps.organizations.admin_display import local_time


def history_url(flow: BookingFlow) -> str:
    """The list of a flow's versions."""
    return reverse("admin:flow_history", args=[flow.pk])


@flow_page
def history(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """Every version: when, by whom, what it changed."""
    flow = own_flow(request, flow_id)
    rows, older = history_of(flow, before=_number(request.GET.get("before", "")))
    return page(
        request,
        "history",
        title=f"{flow.title}: versions",
        flow=flow,
        rows=[(row, local_time(row.version.created_at, flow.organization.timezone)) for row in rows],
        older=older,
        needs_publishing=_differs(flow),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else None


def _differs(flow: BookingFlow) -> bool:
    live = flow.published_version
    return live is None or live.digest != draft_of(flow).digest


@flow_page
def changes(request: HttpRequest, flow_id: UUID) -> HttpResponse:
    """What differs between the draft and what customers see, or between any two; here it is published."""
    flow = own_flow(request, flow_id)
    if request.method == "POST":
        return _publish(request, flow)
    live = flow.published_version
    new = side_of(flow, request.GET.get("to"), otherwise=DRAFT)
    if live is None and "from" not in request.GET:
        return page(request, "changes", title=_changes_title(flow), flow=flow, old=None, new=new, first=True)
    old = side_of(flow, request.GET.get("from"), otherwise=str(live.number) if live else DRAFT)
    sections = sections_between(old, new)
    return page(
        request,
        "changes",
        title=_changes_title(flow),
        flow=flow,
        old=old,
        new=new,
        sections=sections,
        count=count(sections),
        numbers=_numbers(flow),
        to_publish=new.key == DRAFT and live is not None and old.key == str(live.number),
    )


def _changes_title(flow: BookingFlow) -> str:
    return f"{flow.title}: what has changed"


def _numbers(flow: BookingFlow) -> list[int]:
    versions = FlowVersion.objects.for_organization(flow.organization_id).filter(flow=flow)
    return list(versions.order_by("-number").values_list("number", flat=True))


def _publish(request: HttpRequest, flow: BookingFlow) -> HttpResponse:
    try:
        version = publish_flow(actor=acting(request, flow), flow_id=flow.id)
    except FlowInvalid as error:
        for problem in error.problems:
            messages.error(request, problem.message)
        return HttpResponseRedirect(request.get_full_path())
    messages.success(request, f"Customers see version {version.number} from now on.")
    return HttpResponseRedirect(history_url(flow))


@flow_page
def version(request: HttpRequest, flow_id: UUID, number: int) -> HttpResponse:
    """A version as it was published."""
    flow = own_flow(request, flow_id)
    shown = version_of(flow, number)
    return page(
        request,
        "version",
        title=f"{flow.title}: version {number}",
        flow=flow,
        version=shown,
        live=shown.id == flow.published_version_id,
        when=local_time(shown.created_at, flow.organization.timezone),
        steps=steps_of(shown.document),
        services=shown.document["services"].values(),
    )


@flow_page
def restore(request: HttpRequest, flow_id: UUID, number: int) -> HttpResponse:
    """What rolling back would change for customers; then it is done."""
    flow = own_flow(request, flow_id)
    wanted = version_of(flow, number)
    if request.method == "POST":
        try:
            done = restore_version(actor=acting(request, flow), flow_id=flow.id, version_id=wanted.id)
        except FlowInvalid as error:
            for problem in error.problems:
                messages.error(request, problem.message)
        except DomainError as error:
            messages.error(request, error.detail)
        else:
            _say_what_was_done(request, done, number)
            return HttpResponseRedirect(history_url(flow))
    old = side_of(
        flow, None, otherwise=str(flow.published_version.number) if flow.published_version else DRAFT
    )
    sections = sections_between(old, side_of(flow, str(number), otherwise=DRAFT))
    return page(
        request,
        "restore",
        title=f"{flow.title}: back to version {number}",
        flow=flow,
        version=wanted,
        live=wanted.id == flow.published_version_id,
        sections=sections,
        loses_draft=_differs(flow),
    )


def _say_what_was_done(request: HttpRequest, done: RolledBack, number: int) -> None:
    if done.before is not None and done.version.id == done.before.id:
        messages.success(request, f"The draft is as version {number} again, which customers see.")
    else:
        said = f"Customers see version {done.version.number} now, which is as version {number} was."
        undo = f" To undo it, go back to version {done.before.number}." if done.before else ""
        messages.success(request, said + undo)
    if done.rewritten:
        messages.info(request, f"Written again, as it had been deleted: {', '.join(done.rewritten)}.")
