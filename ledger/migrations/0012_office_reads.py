from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_entries")]

    operations = [LoadSql("ledger", "access.sql"), LoadSql("ledger", "office.sql")]
