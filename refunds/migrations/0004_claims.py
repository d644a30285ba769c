import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sql"),
        ("billing", "0003_share_undone"),
        ("payments", "0004_points_back"),
        ("refunds", "0003_second_officer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="claim",
            name="refunds_one_open_claim",
        ),
        migrations.RemoveConstraint(
            model_name="claim",
            name="refunds_claim_status",
        ),
        migrations.RemoveConstraint(
            model_name="refund",
            name="refunds_refund_cause",
        ),
        migrations.AddField(
            model_name="claim",
            name="answer_by",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="change",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.billchange"
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="ground",
            field=models.CharField(
                choices=[
                    ("return", "The return said too much"),
                    ("later", "What the tax was computed from turned out otherwise"),
                    ("request", "The bill is wrong"),
                ],
                default="request",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="known_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="wanted",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="claim",
            name="status",
            field=models.CharField(
                choices=[
                    ("asked", "Waiting for an answer"),
                    ("deciding", "Waiting for a second officer"),
                    ("granted", "Granted: the bill is corrected"),
                    ("refused", "Not granted"),
                ],
                default="asked",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="refund",
            name="cause",
            field=models.CharField(
                choices=[
                    ("paid_twice", "Paid twice"),
                    ("paid_by_mistake", "Too much was paid"),
                    ("corrected", "The bill was corrected"),
                    ("cancelled", "The bill was cancelled"),
                    ("amended", "Corrected on the taxpayer's claim"),
                    ("year_paid_ahead", "Vehicle sold or scrapped, its tax paid ahead"),
                    ("reduced", "Relief was granted"),
                    ("law_changed", "The law was changed"),
                    ("claimed", "Applied for in a return"),
                    ("grievance", "Corrected on a complaint"),
                    ("no_tax", "Money that was for no bill"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                models.F("answered_at"),
                condition=models.Q(("status__in", ("granted", "refused")), ("told_at", None)),
                name="refunds_claim_untold",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                models.F("bill"),
                condition=models.Q(("status__in", ("asked", "deciding"))),
                name="refunds_one_open_claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["asked", "deciding", "granted", "refused"])),
                name="refunds_claim_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", "later"), ("known_on__isnull", False)),
                    models.Q(("ground__in", ("return", "request")), ("known_on", None)),
                    _connector="OR",
                ),
                name="refunds_claim_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_by__isnull", False), ("ground", "request"), _connector="OR"),
                name="refunds_claim_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "deciding"), _negated=True), ("change__isnull", False), _connector="OR"
                ),
                name="refunds_claim_decided_by_change",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "cause__in",
                        [
                            "paid_twice",
                            "paid_by_mistake",
                            "corrected",
                            "cancelled",
                            "amended",
                            "year_paid_ahead",
                            "reduced",
                            "law_changed",
                            "claimed",
                            "grievance",
                            "no_tax",
                        ],
                    )
                ),
                name="refunds_refund_cause",
            ),
        ),
        LoadSql("refunds", "decide.sql"),
        LoadSql("refunds", "claims.sql"),
    ]
