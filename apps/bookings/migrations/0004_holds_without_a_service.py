"""What a hold said of its one service is in its line now.

Run it once no process of the version before is left: that one still writes these columns.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0003_lines_of_holds")]

    operations = [
        migrations.RemoveField(
            model_name="hold",
            name="duration_minutes",
        ),
        migrations.RemoveField(
            model_name="hold",
            name="price",
        ),
        migrations.RemoveField(
            model_name="hold",
            name="resource",
        ),
        migrations.RemoveField(
            model_name="hold",
            name="service",
        ),
        migrations.RemoveField(
            model_name="hold",
            name="title",
        ),
        migrations.AddConstraint(
            model_name="bookingline",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold__isnull", False), ("booking__isnull", False), _connector="OR"),
                name="line_belongs_somewhere",
            ),
        ),
    ]
