"""Policies of holds, changes by customers, the waitlist and payments."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="organizationpolicy",
            name="cancel_notice_minutes",
            field=models.PositiveIntegerField(
                db_default=1440,
                default=1440,
                help_text="How long before the visit a customer can still cancel, in minutes.",
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="check_in_opens_minutes",
            field=models.PositiveIntegerField(
                db_default=60,
                default=60,
                help_text="How long before the visit a customer can say that they are here, in minutes.",
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="max_hold_refreshes",
            field=models.PositiveSmallIntegerField(
                db_default=3,
                default=3,
                help_text="How often a visitor can ask for more time while they fill in the form.",
                validators=[django.core.validators.MaxValueValidator(20)],
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="max_live_holds",
            field=models.PositiveSmallIntegerField(
                db_default=5,
                default=5,
                help_text="How many times one visitor can have reserved at once while they decide.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(50),
                ],
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="online_cancel",
            field=models.BooleanField(
                db_default=True, default=True, help_text="Customers can cancel by their link."
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="online_reschedule",
            field=models.BooleanField(
                db_default=True, default=True, help_text="Customers can move their visit by their link."
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="payment",
            field=models.CharField(
                choices=[
                    ("none", "Nobody: customers pay at the visit"),
                    ("manual", "Your team records the payment"),
                ],
                db_default="none",
                default="none",
                help_text="Who sees to it that a visit is paid before it is confirmed.",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="payment_hold_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=30,
                default=30,
                help_text="How long a time is kept while its payment is awaited.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1440),
                ],
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="requires_approval",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="On: every booking waits until someone of yours approves it.",
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="reschedule_notice_minutes",
            field=models.PositiveIntegerField(
                db_default=1440,
                default=1440,
                help_text="How long before the visit a customer can still move it, in minutes.",
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="waitlist_offer_minutes",
            field=models.PositiveIntegerField(
                db_default=30,
                default=30,
                help_text="How long a freed time is kept for whoever is next on the waitlist.",
                validators=[
                    django.core.validators.MinValueValidator(5),
                    django.core.validators.MaxValueValidator(1440),
                ],
            ),
        ),
        migrations.AddField(
            model_name="organizationpolicy",
            name="waitlist_open",
            field=models.BooleanField(
                db_default=True, default=True, help_text="Customers can wait for a time when nothing is free."
            ),
        ),
    ]
