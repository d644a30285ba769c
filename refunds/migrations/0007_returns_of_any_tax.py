from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("refunds", "0006_kept_is_gone"),
    ]
    operations = [LoadSql("refunds", "claims.sql")]
