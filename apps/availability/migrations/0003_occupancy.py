"""Ranges of UUIDs, the exclusion constraint, and the one writer of slots' counters."""

from django.db import migrations

LANE_COUNT = """
CREATE FUNCTION lane_count(lanes int4multirange) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(sum(upper(part) - lower(part)), 0)::integer FROM unnest(lanes) AS part
$$;
"""

EVENT_CONSTRAINTS = """
CREATE TYPE uuidrange AS RANGE (subtype = uuid);

ALTER TABLE availability_calendarevent
    ADD CONSTRAINT event_no_lane_twice EXCLUDE USING gist (
        uuidrange(resource_id, resource_id, '[]') WITH &&,
        occupied WITH &&,
        lanes WITH &&
    ) WHERE (active) DEFERRABLE INITIALLY IMMEDIATE,
    ADD CONSTRAINT event_occupied_covers_visit CHECK (
        NOT isempty(occupied) AND occupied @> tstzrange(starts_at, ends_at)
    ),
    ADD CONSTRAINT event_lanes_within_limit CHECK (
        NOT isempty(lanes) AND lower(lanes) >= 0 AND upper(lanes) <= lane_limit
    );
"""

# What counts at this moment: `total` is the peak of everything, `solid` without holds, `seated` only
# customers. Use rises only where an event starts, so the peak lies at one of those instants.
PEAKS = """
CREATE FUNCTION availability_peaks(
    of_resource uuid, from_at timestamptz, to_at timestamptz, at_time timestamptz,
    OUT total integer, OUT solid integer, OUT seated integer
) LANGUAGE sql STABLE AS $$
    WITH live AS (
        SELECT type, occupied, lane_count(lanes) AS seats
        FROM availability_calendarevent
        WHERE resource_id = of_resource AND active AND occupied && tstzrange(from_at, to_at)
          AND (expires_at IS NULL OR expires_at > at_time)
    ), load AS (
        SELECT sum(live.seats) AS total,
               sum(live.seats) FILTER (WHERE live.type <> 'hold') AS solid,
               sum(live.seats) FILTER (WHERE live.type = 'customer') AS seated
        FROM (SELECT DISTINCT greatest(lower(occupied), from_at) AS at FROM live) AS instants
        JOIN live ON live.occupied @> instants.at
        GROUP BY instants.at
    )
    SELECT coalesce(max(total), 0)::integer, coalesce(max(solid), 0)::integer,
           coalesce(max(seated), 0)::integer
    FROM load
$$;
"""

COUNTERS = """
CREATE FUNCTION availability_counters(
    of_resource uuid, start_at timestamptz, end_at timestamptz, capacity integer, closed boolean,
    at_time timestamptz, OUT booked integer, OUT hold integer, OUT status text
) LANGUAGE sql STABLE AS $$
    SELECT taken.booked, taken.hold,
           CASE
               WHEN closed THEN 'blocked'
               WHEN peaks.solid >= capacity AND peaks.seated < capacity THEN 'blocked'
               WHEN taken.booked + taken.hold >= capacity THEN 'full'
               WHEN taken.booked + taken.hold > 0 THEN 'partial'
               ELSE 'open'
           END
    FROM availability_peaks(of_resource, start_at, end_at, at_time) AS peaks,
         LATERAL (
             SELECT least(capacity, peaks.solid) AS booked,
                    least(capacity, peaks.total) - least(capacity, peaks.solid) AS hold
         ) AS taken
$$;
"""

# Counters are a function of the active events alone, whatever the time: a hold that has lapsed counts until
# it is ended, and whoever reads looks at the events. So they can be verified at any moment.
RECOUNT = """
CREATE FUNCTION availability_recount(of_resource uuid, period tstzrange) RETURNS integer
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
    UPDATE availability_resource SET version = version + 1 WHERE id = of_resource;
    RETURN changed;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("availability", "0002_initial"), ("core", "0002_app_now")]

    operations = [
        migrations.RunSQL(LANE_COUNT, "DROP FUNCTION lane_count(int4multirange)"),
        migrations.RunSQL(
            EVENT_CONSTRAINTS,
            """
            ALTER TABLE availability_calendarevent
                DROP CONSTRAINT event_no_lane_twice,
                DROP CONSTRAINT event_occupied_covers_visit,
                DROP CONSTRAINT event_lanes_within_limit;
            DROP TYPE uuidrange;
            """,
        ),
        migrations.RunSQL(
            PEAKS,
            "DROP FUNCTION availability_peaks(uuid, timestamptz, timestamptz, timestamptz)",
        ),
        migrations.RunSQL(
            COUNTERS,
            "DROP FUNCTION availability_counters(uuid, timestamptz, timestamptz, integer, boolean, timestamptz)",
        ),
        migrations.RunSQL(RECOUNT, "DROP FUNCTION availability_recount(uuid, tstzrange)"),
    ]
