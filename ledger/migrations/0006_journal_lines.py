from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_purposes_named"), ("core", "0007_windows_sql")]

    operations = [LoadSql("ledger", "journal_lines.sql")]
