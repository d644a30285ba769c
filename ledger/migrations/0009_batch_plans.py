from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_batches")]

    operations = [LoadSql("ledger", "batch.sql")]
