from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("appeals", "0019_own_correction")]

    operations = [LoadSql("appeals", "bench.sql")]
