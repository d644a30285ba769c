from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_reversals_sql")]

    operations = [
        LoadSql("payments", "inbox.sql"),
        LoadSql("payments", "attempts.sql"),
        LoadSql("payments", "settle.sql"),
    ]
