"""A version of each organization's settings, counted up by whatever changes them (apps/availability/reading.py)."""

from django.db import migrations, models

COUNT_UP = """
CREATE FUNCTION availability_settings_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- In the order of the ids, so that two statements about several organizations cannot lock crosswise.
    EXECUTE format(
        'INSERT INTO availability_settingsversion AS known (organization_id, version)
         SELECT DISTINCT %1$I, 1 FROM changed WHERE %1$I IS NOT NULL ORDER BY %1$I
         ON CONFLICT (organization_id) DO UPDATE SET version = known.version + 1',
        TG_ARGV[0]
    );
    RETURN NULL;
END
$$;

-- A resource's own version is counted up with every booking, and is no setting.
CREATE FUNCTION availability_resource_settings_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO availability_settingsversion AS known (organization_id, version)
    SELECT DISTINCT organization_id, 1
    FROM (
        SELECT organization_id FROM (
            (SELECT id, organization_id, location_id, kind, name, skills, capacity, buffer_before_minutes,
                    buffer_after_minutes, daily_cap, active FROM after
             EXCEPT
             SELECT id, organization_id, location_id, kind, name, skills, capacity, buffer_before_minutes,
                    buffer_after_minutes, daily_cap, active FROM before)
        ) AS different
    ) AS changed
    ORDER BY organization_id
    ON CONFLICT (organization_id) DO UPDATE SET version = known.version + 1;
    RETURN NULL;
END
$$;
"""

# Each table with the column that names its organization.
TABLES = {
    "organizations_organization": "id",
    "organizations_organizationpolicy": "organization_id",
    "organizations_apikey": "organization_id",
    "content_bookingservice": "organization_id",
    "availability_location": "organization_id",
    "availability_availabilityrule": "organization_id",
    "availability_resource": "organization_id",
}


def trigger(table: str, event: str, rows: str, call: str) -> str:
    """A trigger that sees all rows of a statement at once."""
    return (
        f"CREATE TRIGGER settings_version_{event.lower()} AFTER {event} ON {table} "
        f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {call};"
    )


def triggers(table: str, column: str) -> list[str]:
    """The three triggers of a table."""
    changed = f"availability_settings_changed('{column}')"
    update = ("NEW TABLE AS changed", changed)
    if table == "availability_resource":
        update = ("OLD TABLE AS before NEW TABLE AS after", "availability_resource_settings_changed()")
    return [
        trigger(table, "INSERT", "NEW TABLE AS changed", changed),
        trigger(table, "UPDATE", *update),
        trigger(table, "DELETE", "OLD TABLE AS changed", changed),
    ]


CREATE_TRIGGERS = "\n".join(
    statement for table, column in TABLES.items() for statement in triggers(table, column)
)
DROP_TRIGGERS = "\n".join(
    f"DROP TRIGGER settings_version_{event} ON {table};"
    for table in TABLES
    for event in ("insert", "update", "delete")
)


class Migration(migrations.Migration):
    dependencies = [
        ("availability", "0004_time_off"),
        ("content", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SettingsVersion",
            fields=[
                ("organization_id", models.UUIDField(primary_key=True, serialize=False)),
                ("version", models.PositiveBigIntegerField(default=1)),
            ],
        ),
        migrations.RunSQL(
            COUNT_UP,
            "DROP FUNCTION availability_settings_changed(); "
            "DROP FUNCTION availability_resource_settings_changed();",
        ),
        migrations.RunSQL(CREATE_TRIGGERS, DROP_TRIGGERS),
    ]
