from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("mileage", "0003_events_and_homes")]
    operations = [LoadSql("mileage", "batches.sql")]
