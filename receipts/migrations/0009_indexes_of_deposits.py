import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_dealings_by_statement"),
        ("receipts", "0008_many"),
    ]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="taxpayer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.taxpayer"
            ),
        ),
    ]
