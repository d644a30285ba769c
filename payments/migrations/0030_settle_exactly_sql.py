from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0029_deposits_plans_sql")]

    operations = [LoadSql("payments", "settle_exactly.sql")]
