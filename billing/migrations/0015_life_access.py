from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0014_owed_by_tax_sql"), ("accounts", "0007_office_sql")]

    operations = [
        LoadSql("billing", "owed.sql"),
        LoadSql("billing", "apply_payment.sql"),
        LoadSql("billing", "life_access.sql"),
    ]
