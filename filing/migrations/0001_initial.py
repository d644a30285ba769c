import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_sql"),
        ("billing", "0006_filed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("thing", models.CharField(max_length=200)),
                ("inputs", models.JSONField()),
                ("due_on", models.DateField()),
                ("filed_on", models.DateField()),
                ("filed_at", models.DateTimeField()),
                ("at_counter", models.BooleanField()),
                ("key", models.UUIDField(unique=True)),
                ("said", models.BigIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("filed", "Filed, its bill is being made"),
                            ("billed", "Billed"),
                            ("nothing", "Filed, nothing is due"),
                            ("refused", "Not taken"),
                            ("cancelled", "Its bill was cancelled"),
                            ("lapsed", "Lapsed, it was not paid in time"),
                        ],
                        default="filed",
                        max_length=10,
                    ),
                ),
                ("why", models.CharField(blank=True, default="", max_length=300)),
                (
                    "amends",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amended_by",
                        to="filing.return",
                    ),
                ),
                (
                    "bill",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.bill"
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.levyingbody",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taxpayer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.taxpayer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["taxpayer", "-id"], name="filing_return_of_taxpayer"),
                    models.Index(fields=["body", "-id"], name="filing_return_of_body"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("taxpayer"),
                        models.F("kind"),
                        models.F("thing"),
                        condition=models.Q(
                            ("amends", None),
                            models.Q(("status__in", ("refused", "cancelled", "lapsed")), _negated=True),
                        ),
                        name="filing_return_once",
                    ),
                    models.UniqueConstraint(
                        models.F("amends"),
                        condition=models.Q(
                            ("amends__isnull", False),
                            models.Q(("status__in", ("refused", "cancelled", "lapsed")), _negated=True),
                        ),
                        name="filing_return_amended_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["filed", "billed", "nothing", "refused", "cancelled", "lapsed"])
                        ),
                        name="filing_return_status",
                    ),
                    models.CheckConstraint(condition=models.Q(("said__gte", 0)), name="filing_return_said"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bill__isnull", False), ("status__in", ("billed", "cancelled", "lapsed"))),
                            models.Q(("bill", None), ("status__in", ("filed", "nothing", "refused"))),
                            _connector="OR",
                        ),
                        name="filing_return_bill",
                    ),
                ],
            },
        ),
        LoadSql("filing", "file.sql"),
        LoadSql("filing", "access.sql"),
    ]
