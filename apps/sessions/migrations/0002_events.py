"""The record of events: partitioned by month of the session, append-only, with its own keeper of partitions."""

import django.db.models.deletion
from django.db import migrations, models

TABLE = """
CREATE TABLE booking_sessions_bookingsessionevent (
    session_id uuid NOT NULL,
    sequence integer NOT NULL CONSTRAINT session_event_sequence_from_1 CHECK (sequence >= 1),
    client_event_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    event_type varchar(20) NOT NULL,
    "timestamp" timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    step_id uuid,
    data jsonb NOT NULL,
    CONSTRAINT session_event_in_sequence PRIMARY KEY (session_id, sequence),
    CONSTRAINT session_event_once_per_client_id UNIQUE (session_id, client_event_id),
    CONSTRAINT session_event_type_is_known CHECK (event_type IN (
        'session_started', 'step_entered', 'step_completed', 'field_updated', 'validation_error',
        'question_answered', 'service_selected', 'navigation_back', 'timeslot_selected',
        'session_abandoned', 'session_completed'
    ))
) PARTITION BY RANGE (session_id);

CREATE INDEX session_event_by_time ON booking_sessions_bookingsessionevent (session_id, "timestamp");
CREATE INDEX session_event_by_type
    ON booking_sessions_bookingsessionevent (organization_id, event_type, "timestamp");

-- Where rows go that no month takes, so that an event is never refused for want of a partition.
CREATE TABLE booking_sessions_event_default PARTITION OF booking_sessions_bookingsessionevent DEFAULT;
"""

APPEND_ONLY = """
CREATE FUNCTION booking_sessions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'session events are append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER session_event_no_change BEFORE UPDATE OR DELETE ON booking_sessions_bookingsessionevent
    FOR EACH ROW EXECUTE FUNCTION booking_sessions_refuse_change();
"""

# The first 48 bits of a UUIDv7 are the milliseconds since 1970, so a month is a range of ids.
PARTITIONS = """
CREATE FUNCTION booking_sessions_first_id_of(moment timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT rpad(lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;

CREATE FUNCTION booking_sessions_ensure_partition(month_start timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    lower_id uuid := booking_sessions_first_id_of(month_start);
    upper_id uuid := booking_sessions_first_id_of(
        (month_start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'
    );
    partition text := 'booking_sessions_event_' || to_char(month_start AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('booking_sessions_ensure_partition'));
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN NULL;
    END IF;
    -- A month that began without its partition has rows in the default one: they move with it.
    LOCK TABLE booking_sessions_bookingsessionevent IN ACCESS EXCLUSIVE MODE;
    ALTER TABLE booking_sessions_bookingsessionevent DETACH PARTITION booking_sessions_event_default;
    EXECUTE format(
        'CREATE TABLE %I PARTITION OF booking_sessions_bookingsessionevent FOR VALUES FROM (%L) TO (%L)',
        partition, lower_id, upper_id
    );
    WITH moved AS (
        DELETE FROM booking_sessions_event_default
        WHERE session_id >= lower_id AND session_id < upper_id RETURNING *
    )
    INSERT INTO booking_sessions_bookingsessionevent SELECT * FROM moved;
    ALTER TABLE booking_sessions_bookingsessionevent
        ATTACH PARTITION booking_sessions_event_default DEFAULT;
    RETURN partition;
END
$$;

-- This month's partition and those of the months after it; returns the names of the new ones.
CREATE FUNCTION booking_sessions_ensure_partitions(months_ahead integer) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    first_month timestamp := date_trunc('month', app_now() AT TIME ZONE 'UTC');
    created text;
BEGIN
    FOR n IN 0..months_ahead LOOP
        created := booking_sessions_ensure_partition(
            (first_month + make_interval(months => n)) AT TIME ZONE 'UTC'
        );
        IF created IS NOT NULL THEN
            RETURN NEXT created;
        END IF;
    END LOOP;
END
$$;

SELECT booking_sessions_ensure_partitions(3);
"""

EVENT_TYPES = [
    ("session_started", "Session started"),
    ("step_entered", "Step entered"),
    ("step_completed", "Step completed"),
    ("field_updated", "Field updated"),
    ("validation_error", "Validation error"),
    ("question_answered", "Question answered"),
    ("service_selected", "Service selected"),
    ("navigation_back", "Went back"),
    ("timeslot_selected", "Time selected"),
    ("session_abandoned", "Session abandoned"),
    ("session_completed", "Session completed"),
]


class Migration(migrations.Migration):
    dependencies = [("booking_sessions", "0001_initial"), ("core", "0002_app_now")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(TABLE, "DROP TABLE booking_sessions_bookingsessionevent"),
                migrations.RunSQL(
                    APPEND_ONLY,
                    "DROP TRIGGER session_event_no_change ON booking_sessions_bookingsessionevent;"
                    "DROP FUNCTION booking_sessions_refuse_change();",
                ),
                migrations.RunSQL(
                    PARTITIONS,
                    "DROP FUNCTION booking_sessions_ensure_partitions(integer);"
                    "DROP FUNCTION booking_sessions_ensure_partition(timestamptz);"
                    "DROP FUNCTION booking_sessions_first_id_of(timestamptz);",
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="BookingSessionEvent",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "session_id",
                                "sequence",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField()),
                        ("client_event_id", models.UUIDField()),
                        ("organization_id", models.UUIDField()),
                        ("event_type", models.CharField(choices=EVENT_TYPES, max_length=20)),
                        ("timestamp", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        ("step_id", models.UUIDField(null=True)),
                        ("data", models.JSONField(default=dict)),
                        (
                            "session",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="booking_sessions.bookingsession",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["session", "timestamp"], name="session_event_by_time"),
                            models.Index(
                                fields=["organization_id", "event_type", "timestamp"],
                                name="session_event_by_type",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("session", "client_event_id"),
                                name="session_event_once_per_client_id",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(event_type__in=[value for value, _ in EVENT_TYPES]),
                                name="session_event_type_is_known",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
