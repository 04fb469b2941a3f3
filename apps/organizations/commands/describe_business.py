"""What a business is called, where it is at home, and whom to call."""

from django.core.exceptions import ValidationError

from apps.audit import log as audit
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput
from apps.core.phones import InvalidPhone, to_e164
from apps.organizations.models import Organization

FIELDS = ("name", "timezone", "country", "currency", "phone_number")


@command("organizations.describe_business")
def describe_business(
    *, actor: Actor, name: str, timezone: str, country: str, currency: str, phone_number: str
) -> Organization:
    """Set the basics of a business; its phone number as people there write it. Raises InvalidInput."""
    business = Organization.objects.select_for_update(no_key=True).get(id=actor.organization_id)
    old = {field: getattr(business, field) for field in FIELDS}
    business.name, business.timezone = name.strip(), timezone
    business.country, business.currency = country.upper(), currency.upper()
    try:
        business.phone_number = to_e164(phone_number, country=business.country)
        business.full_clean(exclude=["slug"])
    except InvalidPhone as error:
        raise InvalidInput({"phone_number": ["This number cannot be called."]}) from error
    except ValidationError as error:
        raise InvalidInput(error.message_dict) from error
    new = {field: getattr(business, field) for field in FIELDS}
    if new != old:
        business.save(update_fields=[*FIELDS, "updated_at"])
        subject = audit.Subject(type="organizations.organization", id=business.id)
        audit.record(actor, "organizations.organization.described", subject=subject, old=old, new=new)
    return business
