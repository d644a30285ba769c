from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_batch_plans")]

    operations = [LoadSql("ledger", "batch.sql")]
