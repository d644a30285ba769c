from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0027_end_of_day"), ("billing", "0034_collected_sql")]

    operations = [LoadSql("payments", "suspense.sql"), LoadSql("payments", "reconcile.sql")]
