"""What a step of the guided start does: a few commands one after the other, each whole in itself.

What is there already is used and not made again, so a step that broke off in the middle is simply sent anew.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import time

from apps.availability.commands.create_location import create_location
from apps.availability.commands.rules import add_rule
from apps.availability.hours.policies import RuleFields
from apps.availability.models import Location
from apps.backoffice.onboarding.catalogue import LOCATION, Template
from apps.core.actors import Actor
from apps.flows.commands.import_flow import import_flow
from apps.flows.commands.publish_flow import publish_flow
from apps.flows.models import FlowVersion
from apps.organizations.models import Organization
from apps.routing.commands.save_rule import save_rule
from apps.routing.models import BookingFlowRouter
from apps.routing.patterns import PathMatch
from apps.routing.values import RuleValues, Share

# ISO weekday → from when until when; days off are left out.
Week = Mapping[int, tuple[time, time]]


def first_location(actor: Actor) -> Location:
    """The business's location; where it has none yet, one of its own name."""
    business = Organization.objects.get(id=actor.organization_id)
    found = Location.objects.for_organization(business).order_by("-active", "created_at").first()
    return found or create_location(actor=actor, name=business.name, phone_number=business.phone_number)


def begin_with_template(*, actor: Actor, template: Template) -> FlowVersion:
    """Bring the template's services, questions and flow, publish it, and show it on every page.

    Raises what importing, publishing and routing raise; what was done before that stays.
    """
    business = Organization.objects.get(id=actor.organization_id)
    location = first_location(actor)
    imported = import_flow(
        actor=actor,
        document=template.in_currency(business.currency),
        locations={LOCATION: location.id},
    )
    version = publish_flow(actor=actor, flow_id=imported.flow.id)
    if not BookingFlowRouter.objects.for_organization(business).filter(is_default=True).exists():
        anywhere = RuleValues(shares=[Share(imported.flow.id)], path_match=PathMatch.ANY, is_default=True)
        save_rule(actor=actor, values=anywhere)
    return version


def work_by_week(*, actor: Actor, week: Week) -> Location:
    """Open the business's location by these hours; days with the same hours become one rule.

    Raises what adding hours raises, such as RuleOverlap.
    """
    location = first_location(actor)
    days: dict[tuple[time, time], list[int]] = defaultdict(list)
    for day, hours in sorted(week.items()):
        days[hours].append(day)
    for (start, end), same in days.items():
        add_rule(
            actor=actor,
            fields=RuleFields(
                location_id=location.id, days_of_week=tuple(same), start_time=start, end_time=end
            ),
        )
    return location
