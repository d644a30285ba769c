from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("appeals", "0008_publication")]

    operations = [LoadSql("appeals", "running.sql")]
