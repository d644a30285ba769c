from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("mileage", "0003_leaving_the_house")]

    operations = [
        LoadSql("mileage", "uses.sql"),
        LoadSql("mileage", "batches.sql"),
        LoadSql("mileage", "draws.sql"),
    ]
