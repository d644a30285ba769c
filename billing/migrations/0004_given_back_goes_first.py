from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_share_undone"),
    ]
    operations = [LoadSql("billing", "take_back.sql")]
