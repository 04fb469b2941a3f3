"""No index on a column with which another begins: each insert pays for every one of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("availability", "0006_changes_of_resources"),
        ("organizations", "0002_policies_of_holds_and_changes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="calendarevent",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AlterField(
            model_name="slotinstance",
            name="location",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="slots",
                to="availability.location",
            ),
        ),
        migrations.AlterField(
            model_name="slotinstance",
            name="resource",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="slots",
                to="availability.resource",
            ),
        ),
    ]
