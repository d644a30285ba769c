from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0033_early_days_sql")]

    operations = [LoadSql("billing", "collected.sql")]
