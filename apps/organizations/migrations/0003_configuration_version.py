"""A version of what each organization shows its visitors, renewed by whatever changes it."""

from django.db import migrations, models

FUNCTIONS = """
-- TG_ARGV[0] is the column that names the organization.
CREATE FUNCTION configuration_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- In the order of the ids, so that two statements about several organizations cannot lock crosswise.
    EXECUTE format(
        'INSERT INTO organizations_configurationversion (organization_id, version)
         SELECT organization_id, gen_random_uuid()
         FROM (SELECT DISTINCT %1$I AS organization_id FROM changed) AS owner ORDER BY organization_id
         ON CONFLICT (organization_id) DO UPDATE SET version = excluded.version',
        TG_ARGV[0]
    );
    RETURN NULL;
END
$$;

-- For tables most of whose columns are nothing to visitors: TG_ARGV[1] lists those that count.
CREATE FUNCTION configuration_perhaps_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO organizations_configurationversion (organization_id, version)
         SELECT organization_id, gen_random_uuid()
         FROM (
             SELECT DISTINCT %1$I AS organization_id
             FROM (SELECT id, %1$I, %2$s FROM after EXCEPT SELECT id, %1$I, %2$s FROM before) AS different
         ) AS owner ORDER BY organization_id
         ON CONFLICT (organization_id) DO UPDATE SET version = excluded.version',
        TG_ARGV[0], TG_ARGV[1]
    );
    RETURN NULL;
END
$$;
"""
DROP_FUNCTIONS = "DROP FUNCTION configuration_changed(); DROP FUNCTION configuration_perhaps_changed();"

# Each table with the column that names its organization.
TABLES = {"organizations_organization": "id", "organizations_organizationpolicy": "organization_id"}

CREATE_TRIGGERS = "\n".join(
    f"CREATE TRIGGER shown_version_{event.lower()} AFTER {event} ON {table} "
    f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT "
    f"EXECUTE FUNCTION configuration_changed('{column}');"
    for table, column in TABLES.items()
    for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
)
DROP_TRIGGERS = "\n".join(
    f"DROP TRIGGER shown_version_{event} ON {table};"
    for table in TABLES
    for event in ("insert", "update", "delete")
)
FIRST_VERSIONS = """
INSERT INTO organizations_configurationversion (organization_id, version)
SELECT id, gen_random_uuid() FROM organizations_organization;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_policies_of_holds_and_changes")]

    operations = [
        migrations.CreateModel(
            name="ConfigurationVersion",
            fields=[
                ("organization_id", models.UUIDField(primary_key=True, serialize=False)),
                ("version", models.UUIDField()),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(CREATE_TRIGGERS, DROP_TRIGGERS),
        migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop),
    ]
