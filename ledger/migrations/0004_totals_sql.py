from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_totals_sql")]

    operations = [LoadSql("ledger", "rollup.sql")]
