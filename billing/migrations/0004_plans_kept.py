from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_find_by_object")]

    operations = [LoadSql("billing", "owed.sql"), LoadSql("billing", "apply_payment.sql")]
