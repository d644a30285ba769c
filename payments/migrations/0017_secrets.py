from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0016_atm")]

    operations = [
        migrations.AddField("virtualaccount", "secret_hash", models.BinaryField(max_length=32, null=True)),
        LoadSql("payments", "attempts.sql"),
        LoadSql("payments", "secrets.sql"),
    ]
