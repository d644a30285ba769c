from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("core", "0010_bulk_events")]

    operations = [LoadSql("core", "references.sql")]
