from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0010_reversals"),
        ("billing", "0028_taken_back_sql"),
        ("receipts", "0007_annulled_sql"),
    ]

    operations = [
        LoadSql("payments", "attempts.sql"),
        LoadSql("payments", "settle.sql"),
        LoadSql("payments", "reverse.sql"),
    ]
