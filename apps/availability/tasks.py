"""Celery's entry points for availability."""

from celery import shared_task

from apps.availability.commands import generate_slots as generation
from apps.organizations.models import Organization


@shared_task(name="apps.availability.tasks.generate_slots")
def generate_slots() -> int:
    """Roll every organization's horizon forward; each hour. Returns how many slots are new."""
    return sum(
        generation.generate_slots(organization=organization).inserted
        for organization in Organization.objects.filter(active=True).select_related("policy")
    )
