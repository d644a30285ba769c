from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0012_mileage_expense")]

    operations = [LoadSql("ledger", "entries.sql")]
