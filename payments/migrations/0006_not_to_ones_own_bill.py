from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_proved_stays_proved")]
    operations = [LoadSql("payments", "suspense.sql")]
