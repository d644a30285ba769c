import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0035_shown_to_be_paid"),
        ("accounts", "0018_call_agents"),
        ("payments", "0037_points_sql"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "The caller is not checked yet"),
                            ("checked", "The caller is checked"),
                            ("locked", "Locked after wrong answers"),
                            ("ended", "Ended"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("checked_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "taxpayer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.taxpayer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number_mark", models.CharField(max_length=64)),
                ("asked", models.CharField(max_length=64)),
                ("right", models.BooleanField(default=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="payments.call"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=32, unique=True)),
                ("form_key", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=5)),
                ("telephone_shown", models.CharField(max_length=13)),
                ("sealed_telephone", models.BinaryField(max_length=1000, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Being sent"),
                            ("accepted", "On its way"),
                            ("delivered", "Delivered"),
                            ("failed", "Not delivered"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("problem", models.CharField(blank=True, db_default="", default="", max_length=60)),
                ("token_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("session_mark", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("ask_at", models.DateTimeField(null=True)),
                ("asks", models.IntegerField(db_default=0)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="payments.call"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayLinkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bill",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.bill"),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="payments.paylink"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhoneCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("telephone_shown", models.CharField(max_length=13)),
                ("sealed_telephone", models.BinaryField(max_length=1000, null=True)),
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="phone", to="payments.attempt"
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="payments.call"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(models.F("officer"), models.F("started_at"), name="payments_calls_of_agent"),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                models.F("officer"),
                condition=models.Q(("status__in", ("open", "checked"))),
                name="payments_one_call_of_an_agent",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "checked", "locked", "ended"])), name="payments_call_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "checked"), _negated=True),
                    models.Q(("checked_until__isnull", False), ("taxpayer__isnull", False)),
                    _connector="OR",
                ),
                name="payments_call_checked_is_of_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="callcheck",
            index=models.Index(
                models.F("number_mark"),
                models.F("at"),
                condition=models.Q(("right", False)),
                name="payments_checks_of_number",
            ),
        ),
        migrations.AddIndex(
            model_name="callcheck",
            index=models.Index(models.F("at"), condition=models.Q(("right", False)), name="payments_wrong_checks"),
        ),
        migrations.AddIndex(
            model_name="paylink",
            index=models.Index(
                models.F("ask_at"), condition=models.Q(("ask_at__isnull", False)), name="payments_links_to_send"
            ),
        ),
        migrations.AddConstraint(
            model_name="paylink",
            constraint=models.UniqueConstraint(
                models.F("call"), models.F("form_key"), name="payments_link_once_per_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="paylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["asked", "accepted", "delivered", "failed"])),
                name="payments_link_sending",
            ),
        ),
        migrations.AddConstraint(
            model_name="paylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opened_at", None), ("session_mark", "")),
                    models.Q(("opened_at__isnull", False), models.Q(("session_mark", ""), _negated=True)),
                    _connector="OR",
                ),
                name="payments_link_opened_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="paylinkitem",
            constraint=models.UniqueConstraint(models.F("link"), models.F("bill"), name="payments_link_bill_once"),
        ),
        LoadSql("payments", "calls.sql"),
        LoadSql("payments", "links.sql"),
        LoadSql("payments", "keypad.sql"),
    ]
