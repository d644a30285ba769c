from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("mileage", "0001_initial"),
        ("ledger", "0012_mileage_expense"),
        ("accounts", "0016_dealings_by_statement"),
        ("core", "0012_many"),
    ]

    operations = [
        LoadSql("mileage", "points.sql"),
        LoadSql("mileage", "uses.sql"),
        LoadSql("mileage", "who.sql"),
        LoadSql("mileage", "access.sql"),
    ]
