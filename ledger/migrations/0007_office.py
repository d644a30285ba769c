from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_journal_lines"), ("accounts", "0007_office_sql")]

    operations = [
        LoadSql("ledger", "ledger.sql"),
        LoadSql("ledger", "access.sql"),
        LoadSql("ledger", "office.sql"),
    ]
