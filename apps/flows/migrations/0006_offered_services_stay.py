"""A service that customers can choose right now is not deleted: the live version's document names it."""

from django.db import migrations

OFFERED_SERVICES_STAY = """
CREATE FUNCTION flow_offered_service_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM flows_bookingflow AS flow
        JOIN flows_flowversion AS version ON version.id = flow.published_version_id
        WHERE flow.organization_id = OLD.organization_id AND flow.status = 'published'
            AND jsonb_exists(version.document -> 'services', OLD.id::text)
    ) THEN
        RAISE EXCEPTION 'A published flow offers this service.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'service_offered_by_a_flow_stays';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER flow_offered_service_stays BEFORE DELETE ON content_bookingservice
    FOR EACH ROW EXECUTE FUNCTION flow_offered_service_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("flows", "0005_icons_of_lucide"), ("content", "0003_icons_of_lucide")]

    operations = [
        migrations.RunSQL(
            OFFERED_SERVICES_STAY,
            "DROP TRIGGER flow_offered_service_stays ON content_bookingservice;"
            "DROP FUNCTION flow_offered_service_stays();",
        ),
    ]
