from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("refunds", "0001_initial"),
        ("payments", "0002_sql"),
    ]
    operations = [
        LoadSql("refunds", "money.sql"),
        LoadSql("refunds", "decide.sql"),
        LoadSql("refunds", "ask.sql"),
        LoadSql("refunds", "access.sql"),
    ]
