"""An idempotency key is claimed and looked up in one call (apps/core/idempotency.py)."""

from django.db import migrations

# Two statements, not one: the second must see what a twin has committed until the lock was ours. What is past its
# time makes room for the next answer of this key.
CLAIM_KEY = """
CREATE FUNCTION core_claim_key(
    lock_id bigint, scope bytea, kept_for interval,
    OUT claimed boolean, OUT payload bytea, OUT status integer, OUT body text
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    known record;
BEGIN
    claimed := pg_try_advisory_xact_lock(lock_id);
    IF NOT claimed THEN
        RETURN;
    END IF;
    SELECT record.id, record.payload_digest, record.status, record.body, record.created_at INTO known
    FROM core_idempotencyrecord AS record WHERE record.scope_digest = scope;
    IF FOUND AND known.created_at <= app_now() - kept_for THEN
        DELETE FROM core_idempotencyrecord WHERE id = known.id;
    ELSIF FOUND THEN
        payload := known.payload_digest;
        status := known.status;
        body := known.body;
    END IF;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_app_now")]

    operations = [migrations.RunSQL(CLAIM_KEY, "DROP FUNCTION core_claim_key(bigint, bytea, interval)")]
