from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_sql")]

    operations = [
        LoadSql("payments", "attempts.sql"),
        LoadSql("payments", "settle.sql"),
        LoadSql("payments", "access.sql"),
    ]
