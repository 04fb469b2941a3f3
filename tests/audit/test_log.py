"""What an entry says."""

from datetime import UTC, datetime

import pytest

from apps.audit import log as audit
from apps.audit.models import AuditEntry, ReversalToken
from apps.core.actors import Actor, ActorKind
from apps.core.clock import app_now
from apps.core.commands import command
from apps.core.context import request_id_scope
from apps.core.errors import DomainError
from apps.core.ids import new_id

pytestmark = pytest.mark.django_db

ORGANIZATION = new_id()


class TestRecord:
    def test_says_who_did_what_to_what_and_when(self) -> None:
        actor = Actor(ActorKind.STAFF, ORGANIZATION, "user-7", "Ada (front desk)")
        subject = audit.Subject(
            type="bookings.booking",
            id=new_id(),
            booking_id=new_id(),
            location_id=new_id(),
            customer_id=new_id(),
            resource_ids=(new_id(), new_id()),
        )
        with request_id_scope("abcdefgh"):
            recorded = audit.record(
                actor,
                "bookings.booking.cancelled",
                subject=subject,
                old={"status": "confirmed"},
                new={"status": "cancelled"},
                metadata={"reason": "weather"},
                reversible=True,
            )

        entry = AuditEntry.objects.for_organization(ORGANIZATION).get()
        assert entry.id == recorded.id
        assert (entry.actor_kind, entry.actor_id, entry.actor_label) == (
            "staff",
            "user-7",
            "Ada (front desk)",
        )
        assert entry.action == "bookings.booking.cancelled"
        assert (entry.subject_type, entry.subject_id) == (subject.type, subject.id)
        assert entry.booking_id == subject.booking_id
        assert entry.location_id == subject.location_id
        assert entry.customer_id == subject.customer_id
        assert entry.resource_ids == [str(resource_id) for resource_id in subject.resource_ids]
        assert (entry.old, entry.new) == ({"status": "confirmed"}, {"status": "cancelled"})
        assert entry.metadata == {"reason": "weather"}
        assert entry.reversible
        assert entry.session_id is None
        assert entry.request_id == "abcdefgh"
        assert entry.at == app_now()

    def test_a_visitor_is_named_by_their_session(self) -> None:
        session_id = new_id()
        entry = audit.record(
            Actor.session(ORGANIZATION, session_id),
            "tests.done",
            subject=audit.Subject(type="tests.thing", id=new_id()),
        )

        assert entry.session_id == session_id
        assert (entry.old, entry.new, entry.metadata, entry.reversible) == ({}, {}, {}, False)

    def test_takes_the_moment_that_the_command_decided_by(self) -> None:
        moment = datetime(2030, 1, 1, tzinfo=UTC)
        entry = audit.record(
            Actor.system(ORGANIZATION),
            "tests.done",
            subject=audit.Subject(type="tests.thing", id=new_id()),
            at=moment,
        )

        assert entry.at == moment

    def test_is_not_written_where_the_command_is_refused(self) -> None:
        @command("tests.refuse")
        def refuse() -> None:
            audit.record(
                Actor.system(ORGANIZATION),
                "tests.done",
                subject=audit.Subject(type="tests.thing", id=new_id()),
            )
            raise DomainError

        with pytest.raises(DomainError):
            refuse()

        assert not AuditEntry.objects.all_organizations(reason="nothing at all is there").exists()

    def test_is_found_by_a_resource_that_it_concerns(self) -> None:
        resource_id = new_id()
        for resources in [(resource_id, new_id()), (new_id(),)]:
            audit.record(
                Actor.system(ORGANIZATION),
                "tests.done",
                subject=audit.Subject(type="tests.thing", id=new_id(), resource_ids=resources),
            )

        found = AuditEntry.objects.for_organization(ORGANIZATION).filter(
            resource_ids__contains=str(resource_id)
        )
        assert found.count() == 1

    def test_no_other_business_sees_it(self) -> None:
        audit.record(
            Actor.system(ORGANIZATION), "tests.done", subject=audit.Subject(type="tests.thing", id=new_id())
        )

        assert not AuditEntry.objects.for_organization(new_id()).exists()


class TestForeignKeys:
    @pytest.mark.parametrize("model", [AuditEntry, ReversalToken])
    def test_there_are_none_so_that_history_outlives_the_rows(self, model: type[AuditEntry]) -> None:
        assert [field.name for field in model._meta.get_fields() if field.is_relation] == []
