from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0014_office_reads")]

    operations = [LoadSql("ledger", "rollup.sql")]
