"""A lapsed hold with time off behind it still counts: the time off takes its place when it is ended.

As `CalendarEventQuerySet.occupying` has it. Counters look at all active events and don't change.
"""

from django.db import migrations

PEAKS = """
CREATE OR REPLACE FUNCTION availability_peaks(
    of_resource uuid, from_at timestamptz, to_at timestamptz, at_time timestamptz,
    OUT total integer, OUT solid integer, OUT seated integer
) LANGUAGE sql STABLE AS $$
    WITH live AS (
        SELECT type, occupied, lane_count(lanes) AS seats
        FROM availability_calendarevent
        WHERE resource_id = of_resource AND active AND occupied && tstzrange(from_at, to_at)
          AND ({counts})
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
BEFORE = "expires_at IS NULL OR expires_at > at_time"


class Migration(migrations.Migration):
    dependencies = [("availability", "0007_fewer_indexes")]

    operations = [
        migrations.RunSQL(
            PEAKS.format(counts=f"{BEFORE} OR time_off_id IS NOT NULL"), PEAKS.format(counts=BEFORE)
        ),
    ]
