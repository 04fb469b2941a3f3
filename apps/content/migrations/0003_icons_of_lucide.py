"""Icons are names that Lucide knows; nothing changes in the database."""

from django.db import migrations, models

import apps.core.icons


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0002_notice_and_splitting"),
    ]

    operations = [
        migrations.AlterField(
            model_name="bookinganswercategory",
            name="icon",
            field=models.CharField(
                blank=True,
                help_text="A picture beside the words. Search by what it shows, such as “flame” or “water”.",
                max_length=40,
                validators=[apps.core.icons.validate_icon],
            ),
        ),
        migrations.AlterField(
            model_name="bookingquestion",
            name="icon",
            field=models.CharField(
                blank=True,
                help_text="A picture beside the words. Search by what it shows, such as “flame” or “water”.",
                max_length=40,
                validators=[apps.core.icons.validate_icon],
            ),
        ),
        migrations.AlterField(
            model_name="bookingquestionanswer",
            name="icon",
            field=models.CharField(
                blank=True,
                help_text="A picture beside the words. Search by what it shows, such as “flame” or “water”.",
                max_length=40,
                validators=[apps.core.icons.validate_icon],
            ),
        ),
        migrations.AlterField(
            model_name="bookingservice",
            name="icon",
            field=models.CharField(
                blank=True,
                help_text="A picture beside the words. Search by what it shows, such as “flame” or “water”.",
                max_length=40,
                validators=[apps.core.icons.validate_icon],
            ),
        ),
    ]
