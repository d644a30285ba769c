from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("refunds", "0009_asked_now")]
    operations = [LoadSql("refunds", "law.sql")]
