from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_late_by_item")]

    operations = [LoadSql("billing", "owed.sql")]
