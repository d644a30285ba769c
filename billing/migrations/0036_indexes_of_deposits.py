import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0035_shown_to_be_paid"),
    ]

    operations = [
        migrations.AlterField(
            model_name="billpayment",
            name="bill",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="billing.bill"
            ),
        ),
        migrations.AlterField(
            model_name="billpaymentpart",
            name="payment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="billing.billpayment",
            ),
        ),
    ]
