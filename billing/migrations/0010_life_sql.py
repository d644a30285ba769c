from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_life"), ("ledger", "0002_sql"), ("accounts", "0002_sql")]

    operations = [
        LoadSql("billing", "owed.sql"),
        LoadSql("billing", "apply_payment.sql"),
        LoadSql("billing", "life_access.sql"),
    ]
