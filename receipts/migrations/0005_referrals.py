from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("receipts", "0004_sealed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("payment", "Payment receipt"),
                    ("bill", "Bill"),
                    ("model_taxpayer", "Certificate of a model taxpayer"),
                    ("refund", "Refund notice"),
                    ("ruling", "Decision on an objection"),
                    ("referral", "Cover of a file for the Tax Tribunal"),
                ],
                max_length=20,
            ),
        ),
    ]
