from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_initial"), ("accounts", "0002_sql"), ("core", "0002_sql")]

    operations = [LoadSql("receipts", "documents.sql"), LoadSql("receipts", "access.sql")]
