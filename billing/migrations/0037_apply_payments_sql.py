from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0036_indexes_of_deposits"), ("core", "0012_many")]

    operations = [LoadSql("billing", "owed.sql"), LoadSql("billing", "apply_payments.sql")]
