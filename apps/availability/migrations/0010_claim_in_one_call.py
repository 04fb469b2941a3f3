"""A claim, and the end of a hold's being one, in one call each under the lock (docs/adr/0011)."""

from django.db import migrations

# Seats of one run of lanes need no look at its parts, and PostgreSQL can inline the whole.
LANE_COUNT = """
CREATE FUNCTION lane_count_of_parts(lanes int4multirange) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(sum(upper(part) - lower(part)), 0)::integer FROM unnest(lanes) AS part
$$;
CREATE OR REPLACE FUNCTION lane_count(lanes int4multirange) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN lanes = int4multirange(range_merge(lanes)) THEN coalesce(upper(lanes) - lower(lanes), 0)
        ELSE lane_count_of_parts(lanes)
    END
$$;
"""
LANE_COUNT_BACK = """
CREATE OR REPLACE FUNCTION lane_count(lanes int4multirange) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(sum(upper(part) - lower(part)), 0)::integer FROM unnest(lanes) AS part
$$;
DROP FUNCTION lane_count_of_parts(int4multirange);
"""

# Rules make no longer ones. It lets the recount look for the slots of an hour without reading all that have been.
SHORT_SLOTS = """
ALTER TABLE availability_slotinstance
    ADD CONSTRAINT slot_at_most_a_day CHECK (end_at - start_at <= interval '24 hours') NOT VALID;
ALTER TABLE availability_slotinstance VALIDATE CONSTRAINT slot_at_most_a_day;
"""

# The peaks of every slot that is touched, in one pass over the events around them. The ranges of the resource's
# id are there for the index of `event_no_lane_twice`, which finds a period without reading the history.
RECOUNT = """
CREATE OR REPLACE FUNCTION availability_recount(of_resource uuid, period tstzrange) RETURNS integer
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    changed integer;
    from_at timestamptz := lower(period);
    to_at timestamptz := upper(period);
    whole tstzrange;
BEGIN
    SELECT tstzrange(min(start_at), max(end_at)) INTO whole
    FROM availability_slotinstance
    WHERE resource_id = of_resource AND end_at > from_at
      AND start_at < to_at AND start_at > from_at - interval '24 hours';
    IF NOT lower_inf(whole) THEN
        WITH touched AS MATERIALIZED (
            SELECT id, start_at, end_at, capacity, closed, booked, hold, status
            FROM availability_slotinstance
            WHERE resource_id = of_resource AND end_at > from_at
              AND start_at < to_at AND start_at > from_at - interval '24 hours'
        ), live AS MATERIALIZED (
            SELECT type, lower(occupied) AS from_at, upper(occupied) AS to_at, lane_count(lanes) AS seats
            FROM availability_calendarevent
            WHERE active AND resource_id = of_resource AND occupied && whole
              AND uuidrange(resource_id, resource_id, '[]') && uuidrange(of_resource, of_resource, '[]')
        ), load AS (
            SELECT instants.id, sum(live.seats) AS total,
                   sum(CASE WHEN live.type <> 'hold' THEN live.seats ELSE 0 END) AS solid,
                   sum(CASE WHEN live.type = 'customer' THEN live.seats ELSE 0 END) AS seated
            FROM (
                SELECT DISTINCT touched.id, greatest(live.from_at, touched.start_at) AS at
                FROM touched JOIN live ON live.from_at < touched.end_at AND live.to_at > touched.start_at
            ) AS instants
            JOIN live ON live.from_at <= instants.at AND live.to_at > instants.at
            GROUP BY instants.id, instants.at
        ), peaks AS (
            SELECT touched.*, coalesce(max(load.total), 0)::integer AS total,
                   coalesce(max(load.solid), 0)::integer AS solid,
                   coalesce(max(load.seated), 0)::integer AS seated
            FROM touched LEFT JOIN load ON load.id = touched.id
            GROUP BY touched.id, touched.start_at, touched.end_at, touched.capacity, touched.closed,
                     touched.booked, touched.hold, touched.status
        ), counted AS (
            SELECT peaks.id, peaks.booked AS old_booked, peaks.hold AS old_hold, peaks.status AS old_status,
                   counters.*
            FROM peaks, LATERAL availability_counters_of(
                peaks.total, peaks.solid, peaks.seated, peaks.capacity, peaks.closed
            ) AS counters
        )
        UPDATE availability_slotinstance AS slot
        SET booked = counted.booked, hold = counted.hold, status = counted.status, updated_at = app_now()
        FROM counted
        WHERE slot.id = counted.id
          AND (counted.old_booked, counted.old_hold, counted.old_status)
              IS DISTINCT FROM (counted.booked, counted.hold, counted.status);
        GET DIAGNOSTICS changed = ROW_COUNT;
    END IF;
    -- Whoever calls this has locked the resource; answers that were kept for an older version are stale.
    PERFORM availability_note_change(of_resource, period);
    RETURN coalesce(changed, 0);
END
$$;
"""
RECOUNT_BACK = """
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
    PERFORM availability_note_change(of_resource, period);
    RETURN changed;
END
$$;
"""

# What peaks mean for a slot; said once, for the recount and for whoever verifies it.
COUNTERS = """
CREATE FUNCTION availability_counters_of(
    total integer, solid integer, seated integer, capacity integer, closed boolean,
    OUT booked integer, OUT hold integer, OUT status text
) LANGUAGE sql IMMUTABLE AS $$
    SELECT least(capacity, solid), least(capacity, total) - least(capacity, solid),
           CASE
               WHEN closed THEN 'blocked'
               WHEN solid >= capacity AND seated < capacity THEN 'blocked'
               WHEN total >= capacity THEN 'full'
               WHEN total > 0 THEN 'partial'
               ELSE 'open'
           END
$$;
CREATE OR REPLACE FUNCTION availability_counters(
    of_resource uuid, start_at timestamptz, end_at timestamptz, capacity integer, closed boolean,
    at_time timestamptz, OUT booked integer, OUT hold integer, OUT status text
) LANGUAGE sql STABLE AS $$
    SELECT counters.*
    FROM availability_peaks(of_resource, start_at, end_at, at_time) AS peaks,
         LATERAL availability_counters_of(peaks.total, peaks.solid, peaks.seated, capacity, closed) AS counters
$$;
"""
COUNTERS_BACK = """
CREATE OR REPLACE FUNCTION availability_counters(
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
DROP FUNCTION availability_counters_of(integer, integer, integer, integer, boolean);
"""

# As before, but by the index of `event_no_lane_twice`.
PEAKS = """
CREATE OR REPLACE FUNCTION availability_peaks(
    of_resource uuid, from_at timestamptz, to_at timestamptz, at_time timestamptz,
    OUT total integer, OUT solid integer, OUT seated integer
) LANGUAGE sql STABLE AS $$
    WITH live AS (
        SELECT type, occupied, lane_count(lanes) AS seats
        FROM availability_calendarevent
        WHERE resource_id = of_resource AND active AND occupied && tstzrange(from_at, to_at)
          {by_index}
          AND (expires_at IS NULL OR expires_at > at_time OR time_off_id IS NOT NULL)
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
BY_INDEX = "AND uuidrange(resource_id, resource_id, '[]') && uuidrange(of_resource, of_resource, '[]')"

# The claim rule. `lanes.place` says the same in Python, as the reference that tests hold this against, and packs
# the neighbours anew where this answers 'repack'. It is called with the resource locked, as a statement of its own:
# each of its inner statements sees what whoever had the lock before has committed.
CLAIM = """
CREATE FUNCTION availability_lowest(free int4multirange, wanted integer) RETURNS int4multirange
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    part int4range;
    given int4multirange := '{}';
    missing integer := wanted;
BEGIN
    FOR part IN SELECT unnest(free) LOOP
        given := given + int4multirange(int4range(lower(part), least(upper(part), lower(part) + missing)));
        missing := wanted - lane_count(given);
        EXIT WHEN missing = 0;
    END LOOP;
    RETURN given;
END
$$;

CREATE FUNCTION availability_claim(
    of_resource uuid, visit tstzrange, wanted tstzrange, party integer, count_limit integer,
    is_visit boolean, day tstzrange, at_time timestamptz, OUT outcome text, OUT given int4multirange
) LANGUAGE plpgsql STABLE AS $$
DECLARE
    places integer;
    cap integer;
    free int4multirange;
BEGIN
    SELECT capacity, daily_cap INTO places, cap FROM availability_resource WHERE id = of_resource;
    outcome := 'full';
    IF is_visit AND cap IS NOT NULL AND cap <= (
        SELECT count(*) FROM availability_calendarevent
        WHERE active AND resource_id = of_resource AND type IN ('customer', 'hold')
          AND starts_at >= lower(day) AND starts_at < upper(day)
          AND (expires_at IS NULL OR expires_at > at_time OR time_off_id IS NOT NULL)
    ) THEN
        RETURN;
    END IF;
    -- Lanes of neighbours that do not overlap never count, so without a neighbour every lane is free.
    SELECT int4multirange(int4range(0, places)) - coalesce(range_agg(lanes), '{}'::int4multirange) INTO free
    FROM availability_calendarevent
    WHERE active AND resource_id = of_resource AND occupied && wanted
      AND uuidrange(resource_id, resource_id, '[]') && uuidrange(of_resource, of_resource, '[]')
      AND (expires_at IS NULL OR expires_at > at_time OR time_off_id IS NOT NULL);
    IF count_limit < places AND party + (
        SELECT total FROM availability_peaks(of_resource, lower(visit), upper(visit), at_time)
    ) > count_limit THEN
        RETURN;
    END IF;
    IF lane_count(free) >= party THEN
        outcome := 'taken';
        given := availability_lowest(free, party);
    ELSIF party + (
        SELECT total FROM availability_peaks(of_resource, lower(wanted), upper(wanted), at_time)
    ) <= places THEN
        outcome := 'repack';
    END IF;
END
$$;
"""

TAKE = """
CREATE FUNCTION availability_take(
    of_resource uuid, visit tstzrange, wanted tstzrange, party integer, count_limit integer, day tstzrange,
    at_time timestamptz, event_id uuid, of_organization uuid, event_type text, of_hold uuid, of_line uuid,
    of_slot uuid, of_booking uuid, of_customer uuid, of_time_off uuid, of_note text, until timestamptz,
    OUT outcome text, OUT given int4multirange
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    SELECT claim.outcome, claim.given INTO outcome, given
    FROM availability_claim(
        of_resource, visit, wanted, party, count_limit, event_type IN ('customer', 'hold'), day, at_time
    ) AS claim;
    IF outcome = 'taken' THEN
        INSERT INTO availability_calendarevent (
            id, created_at, updated_at, organization_id, resource_id, type, booking_id, line_id, customer_id,
            hold_id, slot_id, time_off_id, note, starts_at, ends_at, occupied, lanes, lane_limit, expires_at,
            active
        )
        SELECT event_id, at_time, at_time, of_organization, of_resource, event_type, of_booking, of_line,
               of_customer, of_hold, of_slot, of_time_off, of_note, lower(visit), upper(visit), wanted, given,
               capacity, until, true
        FROM availability_resource WHERE id = of_resource;
        PERFORM availability_recount(of_resource, wanted);
    END IF;
END
$$;
"""

# At no moment is the time free. A visit does not lapse: its time off needs no reminding.
CONVERT = """
CREATE FUNCTION availability_convert(of_events uuid[], of_booking uuid, of_customer uuid) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    converted record;
BEGIN
    FOR converted IN
        UPDATE availability_calendarevent
        SET type = 'customer', expires_at = NULL, booking_id = of_booking, customer_id = of_customer,
            time_off_id = NULL, updated_at = app_now()
        WHERE id = ANY(of_events)
        RETURNING resource_id, occupied, active
    LOOP
        PERFORM availability_recount(converted.resource_id, converted.occupied);
    END LOOP;
END
$$;
"""

# A resource's own row changes with every claim: whether a setting has changed is asked before anything is called.
ONLY_SETTINGS = """
DROP TRIGGER settings_version_update ON availability_resource;
DROP FUNCTION availability_resource_settings_changed();
CREATE FUNCTION availability_resource_settings_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO availability_settingsversion AS known (organization_id, version)
    VALUES (NEW.organization_id, 1)
    ON CONFLICT (organization_id) DO UPDATE SET version = known.version + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER settings_version_update AFTER UPDATE ON availability_resource FOR EACH ROW
    WHEN ((OLD.organization_id, OLD.location_id, OLD.kind, OLD.name, OLD.skills, OLD.capacity,
           OLD.buffer_before_minutes, OLD.buffer_after_minutes, OLD.daily_cap, OLD.active)
          IS DISTINCT FROM
          (NEW.organization_id, NEW.location_id, NEW.kind, NEW.name, NEW.skills, NEW.capacity,
           NEW.buffer_before_minutes, NEW.buffer_after_minutes, NEW.daily_cap, NEW.active))
    EXECUTE FUNCTION availability_resource_settings_changed();
"""
ONLY_SETTINGS_BACK = """
DROP TRIGGER settings_version_update ON availability_resource;
CREATE OR REPLACE FUNCTION availability_resource_settings_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO availability_settingsversion AS known (organization_id, version)
    SELECT DISTINCT organization_id, 1
    FROM (
        (SELECT id, organization_id, location_id, kind, name, skills, capacity, buffer_before_minutes,
                buffer_after_minutes, daily_cap, active FROM after
         EXCEPT
         SELECT id, organization_id, location_id, kind, name, skills, capacity, buffer_before_minutes,
                buffer_after_minutes, daily_cap, active FROM before)
    ) AS changed
    ORDER BY organization_id
    ON CONFLICT (organization_id) DO UPDATE SET version = known.version + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER settings_version_update AFTER UPDATE ON availability_resource
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION availability_resource_settings_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("availability", "0009_names_for_people")]

    operations = [
        migrations.RunSQL(LANE_COUNT, LANE_COUNT_BACK),
        migrations.RunSQL(COUNTERS, COUNTERS_BACK),
        migrations.RunSQL(
            SHORT_SLOTS, "ALTER TABLE availability_slotinstance DROP CONSTRAINT slot_at_most_a_day"
        ),
        migrations.RunSQL(RECOUNT, RECOUNT_BACK),
        migrations.RunSQL(PEAKS.format(by_index=BY_INDEX), PEAKS.format(by_index="")),
        migrations.RunSQL(
            CLAIM,
            """
            DROP FUNCTION availability_claim(
                uuid, tstzrange, tstzrange, integer, integer, boolean, tstzrange, timestamptz
            );
            DROP FUNCTION availability_lowest(int4multirange, integer);
            """,
        ),
        migrations.RunSQL(
            TAKE,
            """
            DROP FUNCTION availability_take(
                uuid, tstzrange, tstzrange, integer, integer, tstzrange, timestamptz, uuid, uuid, text, uuid,
                uuid, uuid, uuid, uuid, uuid, text, timestamptz
            )
            """,
        ),
        migrations.RunSQL(CONVERT, "DROP FUNCTION availability_convert(uuid[], uuid, uuid)"),
        migrations.RunSQL(ONLY_SETTINGS, ONLY_SETTINGS_BACK),
    ]
