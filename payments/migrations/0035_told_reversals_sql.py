from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0034_transfers_sql")]

    operations = [LoadSql("payments", "reverse.sql")]
