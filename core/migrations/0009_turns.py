from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("core", "0008_references_by_statement")]

    operations = [LoadSql("core", "log.sql")]
