from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("refunds", "0007_told_by_law"),
    ]
    operations = [LoadSql("refunds", "claims.sql")]
