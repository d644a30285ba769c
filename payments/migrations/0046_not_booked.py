import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0045_given_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="counterpayment",
            name="payments_cheque_once",
        ),
        migrations.RemoveConstraint(
            model_name="difference",
            name="payments_difference_kind",
        ),
        migrations.AlterField(
            model_name="difference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("not_settled", "In our books, and the gateway does not settle it"),
                    ("not_posted", "The gateway settles it, and it is not in our books"),
                    ("amount", "The gateway settles another amount than our books have"),
                    ("line_sum", "The gateway pays out another amount than the sale less its fees"),
                    ("not_paid_out", "Due from the gateway, and on no statement of our banks"),
                    ("payout_amount", "What is due from the gateway changed after it came"),
                    ("no_statement", "The bank told of money and sent no statement of that day"),
                    ("not_in_statement", "The bank told of it, and its statement does not hold it"),
                    ("statement_amount", "The statement holds another amount than the bank told before"),
                    ("not_booked", "The bank was told to send it, and no statement shows that it left"),
                    ("drawer_open", "A drawer of a counter is not closed"),
                    ("money_out", "Left our account, and nothing in our books explains it"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="counterpayment",
            constraint=models.UniqueConstraint(
                models.F("cheque_bank"),
                django.db.models.functions.text.Upper(
                    django.db.models.functions.text.Replace("cheque_number", models.Value("-"), models.Value(""))
                ),
                condition=models.Q(("means", "cheque")),
                name="payments_cheque_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="difference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "not_settled",
                            "not_posted",
                            "amount",
                            "line_sum",
                            "not_paid_out",
                            "payout_amount",
                            "no_statement",
                            "not_in_statement",
                            "statement_amount",
                            "not_booked",
                            "drawer_open",
                            "money_out",
                        ],
                    )
                ),
                name="payments_difference_kind",
            ),
        ),
        LoadSql("payments", "transfers.sql"),
        LoadSql("payments", "counter.sql"),
        LoadSql("payments", "reconcile.sql"),
        LoadSql("payments", "links.sql"),
    ]
