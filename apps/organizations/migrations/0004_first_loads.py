"""When a page first loaded the widget with a key; and who has seen enough of the guided start."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0003_configuration_version"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="first_seen_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="first_seen_origin",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="organization",
            name="start_dismissed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
