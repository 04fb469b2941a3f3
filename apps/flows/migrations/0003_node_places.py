from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0002_integrity")]

    operations = [
        migrations.AddField(
            "serviceselectionnode", "x", models.IntegerField(blank=True, editable=False, null=True)
        ),
        migrations.AddField(
            "serviceselectionnode", "y", models.IntegerField(blank=True, editable=False, null=True)
        ),
        migrations.AddConstraint(
            "serviceselectionnode",
            models.CheckConstraint(
                condition=models.Q(x__isnull=True, y__isnull=True)
                | models.Q(x__isnull=False, y__isnull=False),
                name="node_has_both_coordinates_or_none",
            ),
        ),
    ]
