from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("receipts", "0006_annulled")]

    operations = [
        LoadSql("receipts", "documents.sql"),
        LoadSql("receipts", "access.sql"),
        LoadSql("receipts", "annul.sql"),
    ]
