"""Fill the new columns: each hold has one line so far, and each booking the time of its hold."""

from django.db import migrations

LINES = """
UPDATE bookings_bookingline AS line
SET hold_id = hold.id
FROM bookings_hold AS hold
WHERE hold.booking_id = line.booking_id;

INSERT INTO bookings_bookingline (
    id, created_at, updated_at, organization_id, hold_id, service_id, resource_id, title,
    base_duration_minutes, price, sort_order
)
SELECT gen_random_uuid(), created_at, updated_at, organization_id, id, service_id, resource_id, title,
       duration_minutes, price, 0
FROM bookings_hold
WHERE booking_id IS NULL;

UPDATE availability_calendarevent AS event
SET line_id = line.id
FROM bookings_bookingline AS line
WHERE line.hold_id = event.hold_id AND event.line_id IS NULL;
"""
TIMES = """
UPDATE bookings_booking AS booking
SET starts_at = hold.starts_at, ends_at = hold.ends_at
FROM bookings_hold AS hold
WHERE hold.booking_id = booking.id AND booking.starts_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_visits_of_many_lines"), ("availability", "0005_settings_version")]

    operations = [
        migrations.RunSQL(LINES, migrations.RunSQL.noop),
        migrations.RunSQL(TIMES, migrations.RunSQL.noop),
    ]
