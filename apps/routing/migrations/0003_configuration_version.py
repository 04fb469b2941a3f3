"""Whatever decides which flow a page opens, and how it looks, renews the organization's version."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

TABLES = (
    "flows_brandkit",
    "flows_schedulerconfig",
    "routing_bookingflowrouter",
    "routing_routervariant",
)
EVENTS = (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))


def trigger(table: str, event: str, rows: str, call: str) -> str:
    """A trigger that sees all rows of a statement at once."""
    return (
        f"CREATE TRIGGER shown_version_{event.lower()} AFTER {event} ON {table} "
        f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {call};"
    )


CHANGED = "configuration_changed('organization_id')"
# A draft is edited all day: of a flow only counts what customers see.
PERHAPS = "configuration_perhaps_changed('organization_id', 'status, published_version_id')"
CREATE = "\n".join(
    [trigger(table, event, f"{rows} TABLE AS changed", CHANGED) for table in TABLES for event, rows in EVENTS]
    + [
        trigger("flows_bookingflow", "INSERT", "NEW TABLE AS changed", CHANGED),
        trigger("flows_bookingflow", "UPDATE", "OLD TABLE AS before NEW TABLE AS after", PERHAPS),
        trigger("flows_bookingflow", "DELETE", "OLD TABLE AS changed", CHANGED),
    ]
)
DROP = "\n".join(
    f"DROP TRIGGER shown_version_{event.lower()} ON {table};"
    for table in (*TABLES, "flows_bookingflow")
    for event, _ in EVENTS
)


class Migration(migrations.Migration):
    dependencies = [
        ("flows", "0002_integrity"),
        ("organizations", "0003_configuration_version"),
        ("routing", "0002_conditions_and_variants"),
    ]

    operations = [
        ValidateConstraint("bookingflowrouter", "router_default_looks_at_nothing"),
        ValidateConstraint("bookingflowrouter", "router_path_where_it_is_looked_at"),
        migrations.RunSQL(CREATE, DROP),
    ]
