from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("receipts", "0003_withdrawal"), ("accounts", "0009_joint_sql")]

    operations = [
        LoadSql("receipts", "documents.sql"),
        LoadSql("receipts", "access.sql"),
        LoadSql("receipts", "office.sql"),
    ]
