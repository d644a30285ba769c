from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0040_indexes_of_deposits"),
        ("billing", "0037_apply_payments_sql"),
        ("ledger", "0013_entries_by_side_sql"),
        ("receipts", "0009_indexes_of_deposits"),
    ]

    operations = [
        LoadSql("payments", "basket.sql"),
        LoadSql("payments", "settle.sql"),
        LoadSql("payments", "attempts.sql"),
        LoadSql("payments", "reconcile.sql"),
        LoadSql("payments", "deposits.sql"),
        LoadSql("payments", "deposits_post.sql"),
    ]
