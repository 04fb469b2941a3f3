"""The log only ever grows."""

import pytest
from django.db import DatabaseError, connection, transaction

from apps.audit import log as audit
from apps.audit.models import AuditEntry
from apps.core.actors import Actor
from apps.core.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditEntry:
    return audit.record(
        Actor.system(new_id()), "tests.thing.done", subject=audit.Subject(type="tests.thing", id=new_id())
    )


class TestAppendOnly:
    def test_an_entry_is_never_changed(self, entry: AuditEntry) -> None:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEntry.objects.filter(id=entry.id).update(action="something.else")

        entry.refresh_from_db()
        assert entry.action == "tests.thing.done"

    def test_an_entry_is_never_deleted(self, entry: AuditEntry) -> None:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            entry.delete()

        assert AuditEntry.objects.filter(id=entry.id).exists()

    def test_the_log_is_never_emptied(self, entry: AuditEntry) -> None:
        # The test run switches this trigger off to empty tables; here it is on, until the test rolls back.
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER audit_no_truncate")
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute("TRUNCATE audit_auditentry")

        assert AuditEntry.objects.filter(id=entry.id).exists()

    def test_the_refusal_looks_like_a_missing_right(self, entry: AuditEntry) -> None:
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            entry.delete()

        assert getattr(refused.value.__cause__, "sqlstate", None) == "42501"
