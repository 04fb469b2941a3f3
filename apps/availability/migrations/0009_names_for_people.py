"""What the back office calls things; nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("availability", "0008_peaks_know_time_off")]

    operations = [
        migrations.AlterModelOptions(
            name="availabilityrule",
            options={
                "ordering": ["location", "resource", "rule_kind", "valid_from", "start_time"],
                "verbose_name": "set of hours",
                "verbose_name_plural": "sets of hours",
            },
        ),
        migrations.AlterModelOptions(
            name="resource",
            options={"ordering": ["name"], "verbose_name": "team member"},
        ),
        migrations.AlterModelOptions(
            name="slotinstance",
            options={"ordering": ["start_at", "resource"], "verbose_name": "bookable time"},
        ),
    ]
