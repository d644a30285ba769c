from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0037_apply_payments_sql")]

    operations = [LoadSql("billing", "post_change.sql")]
