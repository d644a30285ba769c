from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_roll_kinds"), ("accounts", "0007_office_sql")]

    operations = [LoadSql("billing", "dealings.sql")]
