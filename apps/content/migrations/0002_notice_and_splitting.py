"""Notice windows and splitting of services."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="bookingservice",
            name="cancel_notice_minutes",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="How long before the visit it can still be cancelled. Empty: as the business.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="bookingservice",
            name="may_split",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="On: a visit that no day has room for is spread over several days.",
            ),
        ),
        migrations.AddField(
            model_name="bookingservice",
            name="online_cancel",
            field=models.BooleanField(
                blank=True,
                help_text="Whether customers can cancel by their link. Empty: as the business.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="bookingservice",
            name="online_reschedule",
            field=models.BooleanField(
                blank=True,
                help_text="Whether customers can move it by their link. Empty: as usual.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="bookingservice",
            name="reschedule_notice_minutes",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="How long before the visit it can still be moved. Empty: as the business.",
                null=True,
            ),
        ),
    ]
