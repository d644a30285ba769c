from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sql")]
    operations = [LoadSql("accounts", "trail.sql")]
