"""From a business's definition to rows: once, and again when the definition has changed."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.audit import log as audit
from apps.audit.models import AuditEntry
from apps.availability.commands.generate_slots import GenerationReport, generate_slots
from apps.core.actors import Actor
from apps.core.clock import app_now
from apps.demo.machinery.access import keep_website_key, write_logins
from apps.demo.machinery.appearance import write_appearance, write_routing
from apps.demo.machinery.business import Business
from apps.demo.machinery.content import write_asked, write_questions, write_services
from apps.demo.machinery.flows import Content, write_flows
from apps.demo.machinery.places import write_branches, write_holidays, write_organization
from apps.demo.machinery.rows import Rows
from apps.flows.commands.publish_flow import publish_flow
from apps.flows.models import BookingFlow
from apps.organizations.models import Organization

SEEDED = "demo.seeded"
Say = Callable[[str], None]


def seed(business: Business, *, say: Say, restore: bool = False) -> Organization:
    """Bring a business to what its package says. Bookings are never touched.

    What staff have edited since stays edited, until the definition changes or `restore` is set. Holidays of
    a new year, the address that the demo is served from, and slots up to the horizon are added by each run.
    """
    organization = Organization.objects.filter(slug=business.slug).first()
    digest = _digest(business)
    is_current = organization is not None and not restore and _seeded_digest(organization) == digest
    rows = Rows()
    with transaction.atomic():
        if organization is None or not is_current:
            organization = _write(rows, business, digest)
        write_holidays(rows, business, organization, today=_today(organization))
        keep_website_key(business, organization)
    say(f"  {business.name}: {_in_words(rows)}")
    if not is_current:
        _publish(organization, say)
    total = generate_slots(
        organization=organization,
        on_progress=lambda location, report: say(f"  {location}: {_slots_in_words(report)}"),
    )
    if is_current and not (rows.created or total.inserted or total.updated or total.deleted):
        say("  Nothing to change. `manage.py seed_demo --restore` undoes edits made in the admin.")
    return organization


def _write(rows: Rows, business: Business, digest: str) -> Organization:
    organization = write_organization(rows, business)
    locations = write_branches(rows, business, organization)
    services = write_services(rows, business, organization)
    questions, answers = write_questions(rows, business, organization, services)
    write_asked(rows, business, organization, services)
    content = Content(services=services, questions=questions, answers=answers)
    flows = write_flows(rows, business, organization, locations, content)
    config = write_appearance(rows, business, organization)
    write_routing(rows, business, organization, flows, config)
    write_logins(rows, business, organization)
    audit.record(
        _actor(organization),
        SEEDED,
        subject=audit.Subject(type="organization", id=organization.id),
        new={
            "digest": digest,
            "created": rows.created,
            "changed": rows.changed,
            "deleted": rows.deleted,
        },
    )
    return organization


def _publish(organization: Organization, say: Say) -> None:
    for flow in BookingFlow.objects.for_organization(organization).exclude(status="deleted"):
        version = publish_flow(actor=_actor(organization), flow_id=flow.id)
        say(f"  “{flow}” is published as version {version.number}")


def _actor(organization: Organization) -> Actor:
    return Actor.system(organization.id, "Demo seed")


def _digest(business: Business) -> str:
    """A fingerprint of the business's package and of this one: changed sources, changed definition."""
    folders = (business.package, Path(__file__).parent)
    sources = [source for folder in folders for source in sorted(folder.glob("*.py"))]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()


def _seeded_digest(organization: Organization) -> str | None:
    """The fingerprint of the definition that was written last."""
    entries = AuditEntry.objects.for_organization(organization).filter(action=SEEDED)
    last = entries.order_by("-at", "-id").first()
    return last.new.get("digest") if last else None


def _today(organization: Organization) -> date:
    return app_now().astimezone(ZoneInfo(organization.timezone)).date()


def _in_words(rows: Rows) -> str:
    if not (rows.created or rows.changed or rows.deleted):
        return "is there, and stays as it is"
    return f"{rows.created} rows created, {rows.changed} updated, {rows.deleted} deleted"


def _slots_in_words(report: GenerationReport) -> str:
    changes = {"new": report.inserted, "changed": report.updated, "removed": report.deleted + report.closed}
    told = [f"{count} {what}" for what, count in changes.items() if count]
    return f"{', '.join(told)} start times" if told else f"all {report.kept} start times are there"
