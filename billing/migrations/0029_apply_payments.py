from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0028_taken_back_sql")]

    operations = [LoadSql("billing", "apply_payments.sql")]
