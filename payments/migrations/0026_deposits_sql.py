from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0025_remembered_sql")]

    operations = [LoadSql("payments", "settle.sql"), LoadSql("payments", "deposits.sql")]
