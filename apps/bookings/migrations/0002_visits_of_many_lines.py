"""Visits of several services, checkout, links, the waitlist. All of it beside what there is."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import apps.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("availability", "0005_settings_version"),
        ("bookings", "0001_initial"),
        ("content", "0002_notice_and_splitting"),
        ("organizations", "0002_policies_of_holds_and_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BookingAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("question_text", models.CharField(max_length=200)),
                ("answer_sealed", models.BinaryField(null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CheckoutQuestion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("text", models.CharField(help_text="Such as “How do we get in?”", max_length=200)),
                ("help_text", models.CharField(blank=True, max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "A few words"),
                            ("long_text", "Several lines"),
                            ("choice", "One of a list"),
                            ("yes_no", "Yes or no"),
                        ],
                        default="text",
                        max_length=9,
                    ),
                ),
                (
                    "options",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="For one of a list.",
                        size=None,
                    ),
                ),
                ("required", models.BooleanField(default=True)),
                (
                    "active",
                    models.BooleanField(
                        default=True, help_text="Off: no longer asked; earlier answers stay."
                    ),
                ),
                (
                    "sort_order",
                    models.PositiveIntegerField(default=0, help_text="Lower numbers stand first."),
                ),
            ],
            options={
                "ordering": ["sort_order", "id"],
            },
        ),
        migrations.CreateModel(
            name="ManageToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("digest", models.BinaryField(max_length=32)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "reference",
                    models.CharField(default=apps.core.ids.new_reference, editable=False, max_length=16),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "To be paid"), ("paid", "Paid"), ("void", "Void")],
                        default="open",
                        max_length=7,
                    ),
                ),
                (
                    "payment",
                    models.CharField(
                        choices=[
                            ("none", "Nobody: customers pay at the visit"),
                            ("manual", "Your team records the payment"),
                        ],
                        default="none",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("total", models.DecimalField(decimal_places=2, max_digits=10)),
                ("currency", models.CharField(max_length=3)),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="OrderItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("title", models.CharField(max_length=120)),
                ("quantity", models.PositiveSmallIntegerField(default=1)),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal(0))],
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ServiceSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("checked_in", "Checked in"),
                            ("being_served", "Being served"),
                            ("completed", "Completed"),
                            ("no_show", "No-show"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="scheduled",
                        max_length=12,
                    ),
                ),
                ("planned_start", models.DateTimeField(blank=True, null=True)),
                (
                    "planned_minutes",
                    models.PositiveIntegerField(help_text="The lengths of all services together."),
                ),
                ("checked_in_at", models.DateTimeField(blank=True, null=True)),
                ("serving_since", models.DateTimeField(blank=True, null=True)),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, help_text="When it was called off or not met.", null=True
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WaitlistEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("offered", "Has an offer"),
                            ("served", "Served"),
                            ("left", "Left"),
                            ("closed", "Closed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("first_date", models.DateField()),
                ("last_date", models.DateField()),
                (
                    "earliest_time",
                    models.TimeField(blank=True, help_text="Not before this time of the day.", null=True),
                ),
                (
                    "latest_time",
                    models.TimeField(blank=True, help_text="Must begin by this time of the day.", null=True),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "waitlist entries",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="WaitlistOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="cancel_reason",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name="booking",
            name="ends_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="booking",
            name="starts_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="bookingline",
            name="custom_price",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="What this customer pays instead of the service's price.",
                max_digits=10,
                null=True,
                validators=[django.core.validators.MinValueValidator(Decimal(0))],
            ),
        ),
        migrations.AddField(
            model_name="bookingline",
            name="hold",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="bookings.hold",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="bookings.customer",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="name_digests",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BinaryField(max_length=32),
                default=list,
                editable=False,
                help_text="One of each word.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="notify_by_email",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="notify_by_sms",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="customers",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="minutes",
            field=models.PositiveSmallIntegerField(db_default=5),
        ),
        migrations.AddField(
            model_name="hold",
            name="refreshes",
            field=models.PositiveSmallIntegerField(db_default=0),
        ),
        migrations.AlterField(
            model_name="bookingline",
            name="booking",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="bookings.booking",
            ),
        ),
        migrations.AlterField(
            model_name="bookingline",
            name="resource",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="booking_lines",
                to="availability.resource",
            ),
        ),
        migrations.AlterField(
            model_name="hold",
            name="slot",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holds",
                to="availability.slotinstance",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["organization", "starts_at"], name="booking_by_time"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(fields=["name_digests"], name="customer_by_name"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_at__isnull", True), ("starts_at__isnull", True)),
                    ("ends_at__gt", models.F("starts_at")),
                    _connector="OR",
                ),
                name="booking_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingline",
            constraint=models.UniqueConstraint(
                fields=("hold", "sort_order"), name="line_order_is_unique_in_hold"
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingline",
            constraint=models.CheckConstraint(
                condition=models.Q(("custom_price__isnull", True), ("custom_price__gte", 0), _connector="OR"),
                name="line_custom_price_not_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(
                        models.Q(("merged_into", models.F("id")), _negated=True),
                        ("email_digest__isnull", True),
                        ("phone_digest__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="customer_merged_is_not_found_again",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user__isnull", False)),
                fields=("organization", "user"),
                name="customer_one_per_user",
            ),
        ),
        migrations.AddField(
            model_name="bookinganswer",
            name="booking",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="bookings.booking"
            ),
        ),
        migrations.AddField(
            model_name="bookinganswer",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="checkoutquestion",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="checkout_questions",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            model_name="checkoutquestion",
            name="service",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: asked whatever is booked.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="checkout_questions",
                to="content.bookingservice",
            ),
        ),
        migrations.AddField(
            model_name="bookinganswer",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="bookings.checkoutquestion",
            ),
        ),
        migrations.AddField(
            model_name="managetoken",
            name="booking",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="manage_tokens",
                to="bookings.booking",
            ),
        ),
        migrations.AddField(
            model_name="managetoken",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="bookings.customer"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            model_name="orderitem",
            name="booking",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="order_items", to="bookings.booking"
            ),
        ),
        migrations.AddField(
            model_name="orderitem",
            name="line",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="order_item",
                to="bookings.bookingline",
            ),
        ),
        migrations.AddField(
            model_name="orderitem",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="bookings.order"
            ),
        ),
        migrations.AddField(
            model_name="orderitem",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="servicesession",
            name="booking",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="service_session",
                to="bookings.booking",
            ),
        ),
        migrations.AddField(
            model_name="servicesession",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="booking",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="waitlist_entry",
                to="bookings.booking",
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="resource",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="waitlist_entries",
                to="availability.resource",
            ),
        ),
        migrations.AddField(
            model_name="waitlistoffer",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="offers",
                to="bookings.waitlistentry",
            ),
        ),
        migrations.AddField(
            model_name="waitlistoffer",
            name="hold",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="waitlist_offer", to="bookings.hold"
            ),
        ),
        migrations.AddField(
            model_name="waitlistoffer",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkoutquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["text", "long_text", "choice", "yes_no"])),
                name="checkout_question_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkoutquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("text__gt", "")), name="checkout_question_has_a_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkoutquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "choice"), models.Q(("options", []), _negated=True)),
                    models.Q(models.Q(("kind", "choice"), _negated=True), ("options", [])),
                    _connector="OR",
                ),
                name="checkout_question_lists_options_iff_choice",
                violation_error_message="List the options of a choice, and none for other questions.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookinganswer",
            constraint=models.UniqueConstraint(
                fields=("booking", "question"), name="answer_one_per_question"
            ),
        ),
        migrations.AddConstraint(
            model_name="managetoken",
            constraint=models.UniqueConstraint(fields=("digest",), name="manage_token_is_unique"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(fields=("reference",), name="order_reference_is_unique"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("total__gt", 0)), name="order_costs_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid_at__isnull", True), ("status", "open"), ("voided_at__isnull", True)),
                    models.Q(("paid_at__isnull", False), ("status", "paid"), ("voided_at__isnull", True)),
                    models.Q(("status", "void"), ("voided_at__isnull", False)),
                    _connector="OR",
                ),
                name="order_status_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            models.F("unit_price"), "*", models.F("quantity")
                        ),
                    )
                ),
                name="order_item_amount_is_the_product",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicesession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["scheduled", "checked_in", "being_served", "completed", "no_show", "cancelled"],
                    )
                ),
                name="service_session_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicesession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "completed"), _negated=True),
                    ("completed_at__isnull", False),
                    _connector="OR",
                ),
                name="service_session_completed_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="waitlistentry",
            index=models.Index(
                condition=models.Q(("status", "waiting")),
                fields=["organization", "id"],
                name="waitlist_in_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["waiting", "offered", "served", "left", "closed"])),
                name="waitlist_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_date__gte", models.F("first_date"))),
                name="waitlist_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")), fields=("entry",), name="waitlist_one_open_offer"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "accepted")), fields=("entry",), name="waitlist_served_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistoffer",
            constraint=models.UniqueConstraint(fields=("digest",), name="waitlist_offer_link_is_unique"),
        ),
        migrations.AddConstraint(
            model_name="waitlistoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("status", "open")),
                    models.Q(models.Q(("status", "open"), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="waitlist_offer_answered_has_time",
            ),
        ),
    ]
