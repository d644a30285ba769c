from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0022_valid_receipts_sql")]

    operations = [LoadSql("payments", "deposits.sql")]
