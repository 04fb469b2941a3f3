"""Which flow a page opens, with 5,000 rules: over HTTP beside an empty view, and the decision alone."""

import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from benchmarks.harness import Result, Sample, interleaved, percentile, result
from benchmarks.web import WORKERS, request_of, serving

if TYPE_CHECKING:  # models can be imported only once Django is set up
    from apps.flows.models import BookingFlow
    from apps.organizations.models import Organization

SLUG = "routing-of-pages"
ORIGIN = "https://www.example.com"

RULES = 5_000
PAGES = 1_000
CLIENTS = 8
SECONDS = 1.5
ROUNDS = 4
MEETINGS = 4
DECISIONS = 20_000


def resolve() -> Result:
    """A thousand pages of a site, most of them with the parameters of a campaign, as widgets ask for them."""
    organization, token = _business()
    headers = {"X-Api-Key": token, "Origin": ORIGIN, "Content-Type": "application/json"}
    with serving() as server:
        raw = [
            request_of(
                "POST",
                "/v1/booking-flow-routers/resolve",
                server.port,
                headers,
                json.dumps({"url": url, "config_id": None, "visitor": str(number % 100)}),
            )
            for number, url in enumerate(_pages())
        ]

        def ours() -> Sample:
            return server.send(raw, clients=CLIENTS, seconds=SECONDS)

        def baseline() -> Sample:
            return server.ask(["/empty"], headers={}, clients=CLIENTS, seconds=SECONDS)

        met = 0.0
        while met < MEETINGS * WORKERS * len(raw):  # every worker meets every flow
            met += ours().count
        baseline()
        base, own = interleaved(baseline=baseline, ours=ours, rounds=ROUNDS)
    notes = [_decisions(organization)]
    return result("resolve", baseline=base, ours=own, unit="req/s", notes=notes)


def _decisions(organization: "Organization") -> str:
    """How long the pure decision takes, the reading of the address included."""
    from apps.routing.addresses import Page
    from apps.routing.configuration import read_configuration

    began = time.perf_counter()
    configuration = read_configuration(organization.id, b"")
    compiled_ms = (time.perf_counter() - began) * 1000
    pages = _pages()
    taken = []
    for number in range(DECISIONS):
        began = time.perf_counter()
        configuration.outcome(Page.from_url(pages[number % len(pages)]), config_id=None, visitor=str(number))
        taken.append((time.perf_counter() - began) * 1000)
    p50, p95, p99 = (percentile(taken, percent) for percent in (50, 95, 99))
    return (
        f"the decision among {RULES:,} rules alone: p50 {p50:.4f} ms, p95 {p95:.4f} ms, p99 {p99:.4f} ms; "
        f"reading and compiling them once a change: {compiled_ms:,.0f} ms"
    )


def _pages() -> Sequence[str]:
    """Pages that rules of every kind fit, late ones too, and some that none does."""
    kinds = (
        "/services/area-{}/repair",
        "/page-{}?utm_source=google&gclid=abc",
        "/blog/2030/post-{}/read?utm_medium=email",
        "/?utm_campaign=summer-{}&utm_source=bing",
        "/about/{}?x=1",
    )
    wanted = [number * (RULES // PAGES) + number % len(kinds) for number in range(PAGES)]
    return [ORIGIN + kinds[number % len(kinds)].format(number) for number in wanted]


def _business() -> "tuple[Organization, str]":
    """The business with its rules, which are made the first time, and a key of its own."""
    from apps.flows.models import BrandKit, SchedulerConfig
    from apps.organizations.models import ApiKey, Organization, OrganizationPolicy

    organization, is_new = Organization.objects.get_or_create(slug=SLUG, defaults={"name": "Routing"})
    if is_new:
        OrganizationPolicy.objects.create(organization=organization)
        kit = BrandKit.objects.create(organization=organization, name="Plain")
        SchedulerConfig.objects.create(
            organization=organization, name="Website", brand_kit=kit, is_default=True
        )
        _rules(organization, [_flow(organization, number) for number in range(4)])
    key = ApiKey(organization=organization, name="Benchmark", allowed_origins=[ORIGIN])
    token = key.set_new_token()
    key.save()
    return organization, token


def _flow(organization: "Organization", number: int) -> "BookingFlow":
    """A published flow with the smallest graph."""
    from apps.content.models import BookingQuestion, BookingService
    from apps.core.actors import Actor
    from apps.flows.commands.publish_flow import publish_flow
    from apps.flows.models import (
        BookingFlow,
        BookingFlowStep,
        NodeType,
        ServiceSelectionEdge,
        ServiceSelectionNode,
        StepType,
    )

    flow = BookingFlow.objects.create(organization=organization, title=f"Flow {number}")
    kinds = [kind for kind in StepType if kind != StepType.ZIPCODE]
    steps = [
        BookingFlowStep.objects.create(flow=flow, step_type=kind, title=kind.label, position=position)
        for position, kind in enumerate(kinds)
    ]
    question = BookingQuestion.objects.create(
        organization=organization, unique_name=f"what-{number}", title="What?"
    )
    service = BookingService.objects.create(organization=organization, title="Visit", duration_minutes=60)
    asks = ServiceSelectionNode.objects.create(step=steps[0], node_type=NodeType.QUESTION, question=question)
    ends = ServiceSelectionNode.objects.create(step=steps[0], node_type=NodeType.SERVICE, service=service)
    ServiceSelectionEdge.objects.create(step=steps[0], source=asks, target=ends, position=1)
    publish_flow(actor=Actor.system(organization.id), flow_id=flow.id)
    flow.refresh_from_db()
    return flow


def _rules(organization: "Organization", flows: "Sequence[BookingFlow]") -> None:
    """A fifth each: exact, prefix, campaigns, two kinds of patterns. Each tenth splits its visitors."""
    from apps.routing.models import BookingFlowRouter, RouterVariant

    def rule(number: int) -> BookingFlowRouter:
        kinds = (
            ("exact", f"/services/area-{number}/repair", {}),
            ("prefix", f"/page-{number}", {"utm_source": "google"}),
            ("glob", f"/blog/*/post-{number}/**", {}),
            ("any", "", {"utm_campaign": f"summer-{number}"}),
            ("glob", f"/**/area-{number}-*", {}),
        )
        kind, path, query = kinds[number % len(kinds)]
        return BookingFlowRouter(
            organization=organization,
            flow=flows[number % len(flows)],
            priority=number + 1,
            path_match=kind,
            path=path,
            query=query,
        )

    made = BookingFlowRouter.objects.bulk_create([rule(number) for number in range(RULES)], batch_size=1000)
    RouterVariant.objects.bulk_create(
        RouterVariant(organization=organization, router=one, flow=flows[(number + 1) % len(flows)])
        for number, one in enumerate(made)
        if number % 10 == 0
    )
    BookingFlowRouter.objects.create(
        organization=organization, flow=flows[0], is_default=True, path_match="any"
    )
