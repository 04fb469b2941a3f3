"""Staff say what checkout asks. Two small mutations of one plain row."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from apps.audit import log as audit
from apps.availability.queries import require_service
from apps.bookings.models import CheckoutQuestion, QuestionKind
from apps.core.actors import Actor
from apps.core.commands import command
from apps.core.errors import InvalidInput, NotFound
from apps.core.versions import ensure_version

FIELDS = ("service_id", "text", "help_text", "kind", "options", "required", "active", "sort_order")


@command("bookings.add_question")
def add_question(*, actor: Actor, values: Mapping[str, Any]) -> CheckoutQuestion:
    """A new question (REQ-HOLD-7). Raises NotFound for a service that is none, InvalidInput."""
    question = CheckoutQuestion(organization_id=actor.organization_id)
    _write(actor, question, values, verb="added")
    return question


@command("bookings.change_question")
def change_question(
    *, actor: Actor, question_id: UUID, values: Mapping[str, Any], expected_version: int | None = None
) -> CheckoutQuestion:
    """Other words, or no longer asked; what was answered stays with its own words.

    Raises NotFound, StaleVersion, InvalidInput.
    """
    question = (
        CheckoutQuestion.objects.for_organization(actor.organization_id)
        .filter(id=question_id)
        .select_for_update(no_key=True, of=("self",))
        .first()
    )
    if question is None:
        raise NotFound("There is no such question.")
    ensure_version(question, expected_version)
    _write(actor, question, values, verb="changed")
    return question


def _write(actor: Actor, question: CheckoutQuestion, values: Mapping[str, Any], *, verb: str) -> None:
    given = {name: values[name] for name in FIELDS if name in values}
    if given.get("service_id") is not None:
        require_service(actor.organization_id, given["service_id"])
    for name, value in given.items():
        setattr(question, name, value)
    question.options = list(dict.fromkeys(question.options))
    if (question.kind == QuestionKind.CHOICE) != bool(question.options):
        raise InvalidInput({"options": ["List the options of a choice, and none for other questions."]})
    question.save()
    audit.record(
        actor,
        f"bookings.checkoutquestion.{verb}",
        subject=audit.Subject(type="bookings.checkoutquestion", id=question.id),
        new={"name": question.text, "fields": sorted(given)},
    )
