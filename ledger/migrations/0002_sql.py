from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("accounts", "0002_sql")]

    operations = [LoadSql("ledger", "ledger.sql"), LoadSql("ledger", "access.sql")]
