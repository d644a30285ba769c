from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_sql")]

    operations = [
        LoadSql("payments", "attempts.sql"),
        LoadSql("payments", "counter.sql"),
        LoadSql("payments", "reconcile.sql"),
        LoadSql("payments", "transfers.sql"),
    ]
