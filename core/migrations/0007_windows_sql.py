from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("core", "0006_windows")]

    operations = [LoadSql("core", "windows.sql")]
