from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("core", "0002_sql")]

    operations = [LoadSql("core", "after_restore.sql")]
