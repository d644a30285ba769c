from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0043_automatic_debit"), ("billing", "0034_collected_sql")]

    operations = [LoadSql("payments", "mandates.sql"), LoadSql("payments", "debits.sql")]
