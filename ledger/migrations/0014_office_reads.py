from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0013_entries_by_side_sql")]

    operations = [LoadSql("ledger", "access.sql"), LoadSql("ledger", "office.sql")]
