from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_initial"),
        ("core", "0002_sql"),
        ("accounts", "0002_sql"),
    ]
    operations = [
        LoadSql("ledger", "ledger.sql"),
        LoadSql("ledger", "entries.sql"),
        LoadSql("ledger", "batch.sql"),
        LoadSql("ledger", "rollup.sql"),
        LoadSql("ledger", "journal_lines.sql"),
        LoadSql("ledger", "access.sql"),
        LoadSql("ledger", "office.sql"),
    ]
