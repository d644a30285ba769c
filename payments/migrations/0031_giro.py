from django.db import migrations, models

from core.migration import LoadSql
from payments.states import Channel


class Migration(migrations.Migration):
    dependencies = [("payments", "0030_settle_exactly_sql")]

    operations = [
        migrations.AddField(
            model_name="bankline",
            name="channel",
            field=models.CharField(choices=Channel.choices, db_default="bank_transfer", max_length=20),
        ),
        LoadSql("payments", "deposits.sql"),
        LoadSql("payments", "suspense.sql"),
    ]
