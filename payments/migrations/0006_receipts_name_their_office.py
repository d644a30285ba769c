from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_office")]

    operations = [LoadSql("payments", "settle.sql")]
