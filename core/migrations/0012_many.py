from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("core", "0011_publish_each_sql")]

    operations = [LoadSql("core", "many.sql")]
