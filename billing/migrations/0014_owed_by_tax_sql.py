from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0013_extend_sql")]

    operations = [LoadSql("billing", "owed.sql")]
