from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("receipts", "0001_initial"),
        ("core", "0002_sql"),
        ("accounts", "0002_sql"),
    ]
    operations = [
        LoadSql("receipts", "documents.sql"),
        LoadSql("receipts", "many.sql"),
        LoadSql("receipts", "annul.sql"),
        LoadSql("receipts", "office.sql"),
        LoadSql("receipts", "access.sql"),
    ]
