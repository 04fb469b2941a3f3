"""Where each resource's time last changed, so that readers read only that anew (docs/adr/0010)."""

from django.db import migrations

# Not fields of the model: nobody but the reader of free times needs them, and whoever locks a resource
# should not have to fetch them. The last of the periods stands for `changes_version`, the one before it for
# the version before, and so on. What counts up `version` without a period (new slots, another capacity)
# leaves `changes_version` behind, which says: read everything anew.
COLUMNS = """
ALTER TABLE availability_resource
    ADD COLUMN changes_version bigint NOT NULL DEFAULT 0,
    ADD COLUMN changes_from timestamptz[] NOT NULL DEFAULT '{}',
    ADD COLUMN changes_to timestamptz[] NOT NULL DEFAULT '{}';
"""
DROP_COLUMNS = """
ALTER TABLE availability_resource
    DROP COLUMN changes_version, DROP COLUMN changes_from, DROP COLUMN changes_to;
"""

# The one UPDATE of the row that was made anyway: no row of a log to insert, and none to clear away.
NOTE_CHANGE = """
CREATE FUNCTION availability_note_change(of_resource uuid, period tstzrange) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE availability_resource
    SET version = version + 1,
        changes_version = CASE
            WHEN lower(period) < upper(period) THEN version + 1 ELSE changes_version
        END,
        changes_from = CASE
            WHEN changes_version = version
            THEN (changes_from || lower(period))[greatest(1, cardinality(changes_from) - 14):]
            ELSE ARRAY[lower(period)]
        END,
        changes_to = CASE
            WHEN changes_version = version
            THEN (changes_to || upper(period))[greatest(1, cardinality(changes_to) - 14):]
            ELSE ARRAY[upper(period)]
        END
    WHERE id = of_resource;
END
$$;
"""

RECOUNT = """
CREATE OR REPLACE FUNCTION availability_recount(of_resource uuid, period tstzrange) RETURNS integer
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    changed integer;
BEGIN
    UPDATE availability_slotinstance AS slot
    SET booked = counted.booked, hold = counted.hold, status = counted.status, updated_at = app_now()
    FROM (
        SELECT touched.id, counters.*
        FROM availability_slotinstance AS touched,
             LATERAL availability_counters(
                 touched.resource_id, touched.start_at, touched.end_at, touched.capacity, touched.closed,
                 '-infinity'
             ) AS counters
        WHERE touched.resource_id = of_resource
          AND touched.start_at < upper(period) AND touched.end_at > lower(period)
    ) AS counted
    WHERE slot.id = counted.id
      AND (slot.booked, slot.hold, slot.status) IS DISTINCT FROM (counted.booked, counted.hold, counted.status);
    GET DIAGNOSTICS changed = ROW_COUNT;
    -- Whoever calls this has locked the resource; answers that were kept for an older version are stale.
    {count_up}
    RETURN changed;
END
$$;
"""
WITH_PERIOD = RECOUNT.replace("{count_up}", "PERFORM availability_note_change(of_resource, period);")
WITHOUT_PERIOD = RECOUNT.replace(
    "{count_up}", "UPDATE availability_resource SET version = version + 1 WHERE id = of_resource;"
)


class Migration(migrations.Migration):
    dependencies = [("availability", "0005_settings_version")]

    operations = [
        migrations.RunSQL(COLUMNS, DROP_COLUMNS),
        migrations.RunSQL(NOTE_CHANGE, "DROP FUNCTION availability_note_change(uuid, tstzrange)"),
        migrations.RunSQL(WITH_PERIOD, WITHOUT_PERIOD),
    ]
