from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0001_initial"),
        ("core", "0002_sql"),
        ("accounts", "0002_sql"),
        ("ledger", "0002_sql"),
    ]

    operations = [
        LoadSql("billing", "owed.sql"),
        LoadSql("billing", "apply_payment.sql"),
        LoadSql("billing", "find_bill.sql"),
        LoadSql("billing", "access.sql"),
    ]
