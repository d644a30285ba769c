from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("mileage", "0001_initial"),
        ("core", "0002_sql"),
        ("accounts", "0002_sql"),
        ("ledger", "0002_sql"),
    ]
    operations = [
        LoadSql("mileage", "who.sql"),
        LoadSql("mileage", "points.sql"),
        LoadSql("mileage", "uses.sql"),
        LoadSql("mileage", "batches.sql"),
        LoadSql("mileage", "draws.sql"),
        LoadSql("mileage", "access.sql"),
    ]
