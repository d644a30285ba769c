from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_batch_ranges_sql"), ("core", "0012_many")]

    operations = [LoadSql("ledger", "entries.sql")]
