from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("core", "0004_audit_in_time")]

    operations = [LoadSql("core", "access.sql")]
