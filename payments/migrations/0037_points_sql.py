from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0036_points"), ("mileage", "0002_sql")]

    operations = [LoadSql("payments", "settle.sql"), LoadSql("payments", "reconcile.sql")]
