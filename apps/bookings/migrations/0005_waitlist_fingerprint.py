"""Nobody waits twice for the same, and what has ended says when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("availability", "0010_claim_in_one_call"),
        ("bookings", "0004_holds_without_a_service"),
        ("organizations", "0002_policies_of_holds_and_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="waitlistentry",
            name="fingerprint",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["waiting", "offered"])),
                fields=("organization", "fingerprint"),
                name="waitlist_not_twice_for_the_same",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("status__in", ["waiting", "offered"])),
                    models.Q(
                        models.Q(("status__in", ["waiting", "offered"]), _negated=True),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="waitlist_ended_has_time",
            ),
        ),
    ]
