"""A key whose twin is under way is refused by the database itself, so that nothing sent with the claim is run."""

from django.db import migrations

# As `core_claim_key` but for the refusal. That one stays until no process of the release before runs any more.
TAKE_KEY = """
CREATE FUNCTION core_take_key(
    lock_id bigint, scope bytea, kept_for interval, OUT payload bytea, OUT status integer, OUT body text
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    known record;
BEGIN
    IF NOT pg_try_advisory_xact_lock(lock_id) THEN
        RAISE EXCEPTION 'a request with this key is under way'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'idempotency_key_in_progress';
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
    dependencies = [("core", "0003_claim_key")]

    operations = [migrations.RunSQL(TAKE_KEY, "DROP FUNCTION core_take_key(bigint, bytea, interval)")]
