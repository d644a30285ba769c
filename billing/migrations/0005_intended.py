import django.db.models.deletion
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_given_back_goes_first")]

    operations = [
        migrations.AlterField(
            model_name="bill",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Noticed, not issued yet"),
                    ("issued", "Issued"),
                    ("cancelled", "Cancelled"),
                    ("reissued", "Replaced by another bill"),
                    ("written_off", "Written off"),
                    ("prescribed", "Prescribed"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="IntendedBill",
            fields=[
                (
                    "bill",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="intended",
                        serialize=False,
                        to="billing.bill",
                    ),
                ),
                ("waits_until", models.DateField(null=True)),
                ("held", models.BooleanField(default=False)),
                ("released_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("held", False), ("released_at", None), _connector="OR"),
                        name="billing_intended_held",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("waits_until__isnull", False),
                            models.Q(("held", False), ("released_at", None)),
                            _connector="OR",
                        ),
                        name="billing_intended_served",
                    ),
                ],
            },
        ),
        LoadSql("billing", "intended.sql"),
        LoadSql("billing", "apply_payment.sql"),
        LoadSql("billing", "threshold.sql"),
    ]
