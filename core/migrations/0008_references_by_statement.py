from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("core", "0007_windows_sql")]

    operations = [LoadSql("core", "references.sql"), LoadSql("core", "payload.sql")]
