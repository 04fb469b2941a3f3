"""What Django's constraints cannot say: versions never change, and ids that belong together stay together."""

from django.db import migrations

VERSIONS_ARE_IMMUTABLE = """
CREATE FUNCTION flow_version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A published version of a flow never changes (%).', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'flow_version_is_immutable';
END $$;
CREATE TRIGGER flow_version_is_immutable BEFORE UPDATE OR DELETE ON flows_flowversion
    FOR EACH ROW EXECUTE FUNCTION flow_version_is_immutable();
"""

BELONGS_TOGETHER = """
ALTER TABLE flows_serviceselectionedge
    ADD CONSTRAINT edge_source_in_same_step FOREIGN KEY (source_id, step_id)
        REFERENCES flows_serviceselectionnode (id, step_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT edge_target_in_same_step FOREIGN KEY (target_id, step_id)
        REFERENCES flows_serviceselectionnode (id, step_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE flows_bookingflow
    ADD CONSTRAINT flow_shows_a_version_of_its_own FOREIGN KEY (published_version_id, id)
        REFERENCES flows_flowversion (id, flow_id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("flows", "0001_initial")]

    operations = [
        migrations.RunSQL(
            VERSIONS_ARE_IMMUTABLE,
            "DROP TRIGGER flow_version_is_immutable ON flows_flowversion;"
            "DROP FUNCTION flow_version_is_immutable();",
        ),
        migrations.RunSQL(
            BELONGS_TOGETHER,
            "ALTER TABLE flows_serviceselectionedge DROP CONSTRAINT edge_source_in_same_step, "
            "DROP CONSTRAINT edge_target_in_same_step;"
            "ALTER TABLE flows_bookingflow DROP CONSTRAINT flow_shows_a_version_of_its_own;",
        ),
    ]
