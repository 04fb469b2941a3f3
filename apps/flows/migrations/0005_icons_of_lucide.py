"""Icons are names that Lucide knows; nothing changes in the database."""

from django.db import migrations, models

import apps.core.icons


class Migration(migrations.Migration):
    dependencies = [
        ("flows", "0004_step_active"),
    ]

    operations = [
        migrations.AlterField(
            model_name="bookingflow",
            name="icon",
            field=models.CharField(
                blank=True,
                help_text="A picture beside the words. Search by what it shows, such as “flame” or “water”.",
                max_length=40,
                validators=[apps.core.icons.validate_icon],
            ),
        ),
        migrations.AlterField(
            model_name="bookingflowstep",
            name="icon",
            field=models.CharField(
                blank=True,
                help_text="A picture beside the words. Search by what it shows, such as “flame” or “water”.",
                max_length=40,
                validators=[apps.core.icons.validate_icon],
            ),
        ),
        migrations.AlterField(
            model_name="schedulerconfig",
            name="fallback_icon",
            field=models.CharField(
                blank=True, default="phone", max_length=40, validators=[apps.core.icons.validate_icon]
            ),
        ),
        migrations.AlterField(
            model_name="serviceselectionnode",
            name="answer_icon",
            field=models.CharField(blank=True, max_length=40, validators=[apps.core.icons.validate_icon]),
        ),
    ]
